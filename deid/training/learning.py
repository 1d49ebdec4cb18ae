"""Trains the network on a shelf of crops and writes it in the form in which the engine runs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from deid.training.network import TextNetwork
from deid.training.shelf import Shelf
from deid.training.targets import NO_TEXT, TEXT, UNIT

_BATCH = 16
# the sums of other numbers of threads differ in the last digit
_THREADS = 2
_FASTEST = 4e-3
_DECAY = 1e-4
# the share of the cells without text, hardest first, from which is learnt
_HARDEST = 0.02
_SMOOTH = 0.02


@dataclass(frozen=True, slots=True)
class Lesson:
    """How to train: `steps` batches, and the seed of all chance."""

    steps: int
    seed: int = 20


def fresh(lesson: Lesson) -> TextNetwork:
    """Return a network that has learnt nothing, in the order of memory in which it learns fastest."""
    torch.manual_seed(lesson.seed)
    torch.set_num_threads(_THREADS)
    network = TextNetwork()
    network.to(memory_format=torch.channels_last)
    return network


def learn(shelf: Shelf, lesson: Lesson, network: TextNetwork) -> Iterator[tuple[int, float]]:
    """Train `network` on `shelf`; yields step and loss, averaged over a while.

    AdamW with one cycle of the rate (Smith and Topin 2018, arXiv:1708.07120), in bfloat16 where the processor has it.
    """
    rng = np.random.default_rng(lesson.seed)
    network.train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=_FASTEST, weight_decay=_DECAY)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=_FASTEST, total_steps=lesson.steps, pct_start=0.1)
    average = 0.0
    for step, chosen in enumerate(_batches(len(shelf), lesson.steps, rng), start=1):
        pictures = torch.from_numpy(np.stack([varied(shelf.pictures[number], rng) for number in chosen]))
        cells, weights = (torch.from_numpy(np.asarray(plane[chosen])) for plane in (shelf.cells, shelf.weights))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(pictures)
        cost = loss(logits.float(), cells, weights)
        optimiser.zero_grad()
        cost.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        rate.step()
        paid = float(cost.detach())
        average = paid if step == 1 else 0.98 * average + 0.02 * paid
        yield step, average


def loss(logits: Tensor, cells: Tensor, weights: Tensor) -> Tensor:
    """Return what the logits (N, rows, columns) cost: all text, and the hardest cells without any (online hard example
    mining, Shrivastava et al. 2016, arXiv:1604.03540).
    """
    wanted = (cells == TEXT).float()
    each = functional.binary_cross_entropy_with_logits(logits, wanted * (1 - 2 * _SMOOTH) + _SMOOTH, reduction="none")
    weight = (cells == TEXT) * weights.float() / UNIT
    missed = (each * weight).sum() / weight.sum().clamp(min=1)
    free = each[cells == NO_TEXT]
    hardest = free.topk(max(1, int(_HARDEST * free.numel()))).values.mean()
    return missed + hardest + 4 * free.mean()


def varied(picture: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return a crop with another brightness, contrast and order of colours; the text stays where it is."""
    values = np.arange(256, dtype=np.float32) / 255
    shaped = np.clip(values ** rng.uniform(0.7, 1.4) * rng.uniform(0.75, 1.15) + rng.uniform(-0.04, 0.06), 0, 1)
    table = (shaped * 255).astype(np.uint8)
    if rng.random() < 0.04:
        table = 255 - table
    changed = table[picture]
    return np.ascontiguousarray(changed[..., rng.permutation(3)] if rng.random() < 0.4 else changed)


def export(network: TextNetwork, path: Path) -> None:
    """Write the network as ONNX: pictures uint8 (1, rows, columns, 3) in, probabilities float32 out."""
    finished = nn.Sequential(network, nn.Sigmoid()).eval().to(memory_format=torch.contiguous_format)
    size = {1: "rows", 2: "columns"}
    torch.onnx.export(
        finished,
        (torch.zeros((1, 64, 64, 3), dtype=torch.uint8),),
        str(path),
        input_names=["picture"],
        output_names=["text"],
        dynamic_axes={"picture": size, "text": size},
        dynamo=False,
    )


def _batches(count: int, steps: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    order = rng.permutation(count)
    at = 0
    for _ in range(steps):
        if at + _BATCH > count:
            order, at = rng.permutation(count), 0
        yield np.sort(order[at : at + _BATCH])
        at += _BATCH
