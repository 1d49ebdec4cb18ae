"""Writes the trained network in numbers of eight bits, which take half the time and are the same on every processor.

Weights have seven bits (Jacob et al. 2018, arXiv:1712.05877; ONNX Runtime's reduced range), so that no processor's
sixteen-bit sums overflow and all of them find the same. The samples of a picture are eight-bit numbers as they come.
"""

import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime import quantization

from deid.engine import detector

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# where the weights tell of which trained ones they were made
LEARNT = "learnt_sha256"
# the network's own reading of a sample: 0 to 255 as -1 to 1 (`deid.training.network`)
_STEP, _MIDDLE = 1 / 128, 128
_QUANTISED = ["Conv", "Add", "Relu", "Resize", "Reshape", "Transpose"]
# the mean of how far the values of each picture reach: the few beyond it are of plain print, and finer steps show faint
_REACH = {"CalibMovingAverage": True}
# planes before rows and columns, as convolutions are written, and behind them, as pictures lie in memory
_TO_PLANES, _TO_PIXELS = (0, 3, 1, 2), (0, 2, 3, 1)


def write(network: Path, path: Path, pictures: Iterable[Pixels]) -> None:
    """Write the exported `network` to `path` for the engine: samples uint8 in, probabilities float32 out.

    `pictures` (RGB, rows and columns multiples of 16) show how far the values in the network reach.
    """
    model = onnx.load(str(network))
    samples = _of_runs(model.graph)
    with tempfile.TemporaryDirectory() as folder:
        plain, eight = Path(folder, "plain.onnx"), Path(folder, "eight.onnx")
        onnx.save(model, str(plain))
        quantization.quantize_static(
            plain,
            eight,
            _Seen(samples, pictures),
            quant_format=quantization.QuantFormat.QDQ,
            op_types_to_quantize=_QUANTISED,
            per_channel=True,
            reduce_range=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            extra_options=_REACH,
        )
        finished = onnx.load(str(eight))
    _fed_with_bytes(finished.graph, samples)
    helper.set_model_props(finished, {LEARNT: sha256(network.read_bytes()).hexdigest()})
    onnx.checker.check_model(finished)
    onnx.save(finished, str(path))


class _Seen(quantization.CalibrationDataReader):
    """Shows the pictures to the float network, one after the other."""

    def __init__(self, samples: str, pictures: Iterable[Pixels]) -> None:
        self._samples = samples
        self._pictures = iter(pictures)

    def get_next(self) -> dict[str, Floats] | None:
        """Return the next picture as the network reads it, or None after the last."""
        picture = next(self._pictures, None)
        if picture is None:
            return None
        runs = detector.in_runs(picture).astype(np.float32).transpose(_TO_PLANES)
        return {self._samples: np.ascontiguousarray((runs - _MIDDLE) * np.float32(_STEP))}


def _of_runs(graph: GraphProto) -> str:
    """Let the first convolution look at runs of four pixels, twelve samples each; return the name of its input.

    It takes every second row and column of three colours, which processors do badly. Over runs it finds two places
    at once by the same sums, and a picture need not be rearranged for it.
    """
    at, first = next((at, node) for at, node in enumerate(graph.node) if node.op_type == "Conv")
    lit = graph.node[at + 1]
    weights, biases = (next(value for value in graph.initializer if value.name == name) for name in first.input[1:])
    wide = _over_runs(numpy_helper.to_array(weights))
    weights.CopyFrom(numpy_helper.from_array(wide, weights.name))
    biases.CopyFrom(numpy_helper.from_array(np.tile(numpy_helper.to_array(biases), 2), biases.name))
    del first.attribute[:]
    for name, value in (("kernel_shape", [3, 2]), ("strides", [2, 1]), ("pads", [1, 1, 0, 0])):
        first.attribute.append(helper.make_attribute(name, value))
    result = lit.output[0]
    lit.output[0] = f"{result}_of_runs"
    for node in reversed(_parted(lit.output[0], result, channels=len(wide) // 2, graph=graph)):
        graph.node.insert(at + 2, node)
    # what stands before it turns samples into floats
    del graph.node[:at]
    samples = str(first.input[0])
    _takes(graph, helper.make_tensor_value_info(samples, TensorProto.FLOAT, [1, 12, "rows", "runs"]))
    return samples


def _over_runs(weights: Floats) -> Floats:
    """Return the weights (out, 3, 3, 3) of a convolution with stride 2 as those (2 out, 12, 3, 2) of one over runs."""
    runs = np.zeros((2, len(weights), 4, 3, 3, 2), np.float32)
    for place in range(2):
        for column in range(3):
            # counted from the first pixel of the run before
            run, pixel = divmod(4 + 2 * place - 1 + column, 4)
            runs[place, :, pixel, :, :, run] = weights[..., column]
    return runs.reshape(2 * len(weights), 12, 3, 2)


def _parted(values: str, result: str, *, channels: int, graph: GraphProto) -> list[NodeProto]:
    """Return what makes two places of each run's values, which lie side by side in memory already."""
    graph.initializer.append(numpy_helper.from_array(np.array([0, 0, -1, channels], np.int64), f"{result}_shape"))
    return [
        helper.make_node("Transpose", [values], [f"{result}_pixels"], perm=_TO_PIXELS),
        helper.make_node("Reshape", [f"{result}_pixels", f"{result}_shape"], [f"{result}_parted"]),
        helper.make_node("Transpose", [f"{result}_parted"], [result], perm=_TO_PLANES),
    ]


def _fed_with_bytes(graph: GraphProto, samples: str) -> None:
    """Take the picture's own bytes for the numbers that the float samples would be turned into."""
    turning = next(node for node in graph.node if node.op_type == "QuantizeLinear" and node.input[0] == samples)
    for value, name in ((np.float32(_STEP), turning.input[1]), (np.uint8(_MIDDLE), turning.input[2])):
        known = next(constant for constant in graph.initializer if constant.name == name)
        known.CopyFrom(numpy_helper.from_array(np.asarray(value), name))
    graph.node.remove(turning)
    graph.node.insert(0, helper.make_node("Transpose", ["runs"], [turning.output[0]], perm=_TO_PLANES))
    _takes(graph, helper.make_tensor_value_info("runs", TensorProto.UINT8, [1, "rows", "runs", 12]))


def _takes(graph: GraphProto, value: onnx.ValueInfoProto) -> None:
    del graph.input[:]
    graph.input.append(value)
