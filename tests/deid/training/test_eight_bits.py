"""The network in eight bits says what the trained one says; making it needs `onnx`, which the training group brings."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

pytest.importorskip("onnx")

import onnx
from onnx import TensorProto, helper, numpy_helper

from deid.engine import detector
from deid.training import eight_bits


def exported(path: Path) -> None:
    """Write a small network like that of training: samples made floats, a stride of 2 twice, a probability a cell."""
    rng = np.random.default_rng(5)
    weights = {
        "first": rng.normal(0, 0.3, (16, 3, 3, 3)),
        "second": rng.normal(0, 0.15, (8, 16, 3, 3)),
        "last": rng.normal(0, 0.6, (1, 8, 1, 1)),
    }
    biases = {f"{name}_bias": rng.normal(0, 0.2, len(values)) for name, values in weights.items()}
    constants = {"step": np.float32(1 / 128), "one": np.float32(1), **weights, **biases}
    wide = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
    nodes = [
        helper.make_node("Transpose", ["picture"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", ["planes"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "step"], ["scaled"]),
        helper.make_node("Sub", ["scaled", "one"], ["centred"]),
        helper.make_node("Conv", ["centred", "first", "first_bias"], ["half"], name="half", **wide),
        helper.make_node("Relu", ["half"], ["half_lit"]),
        helper.make_node("Conv", ["half_lit", "second", "second_bias"], ["quarter"], name="quarter", **wide),
        helper.make_node("Relu", ["quarter"], ["quarter_lit"]),
        helper.make_node("Conv", ["quarter_lit", "last", "last_bias"], ["logit"], name="logit", kernel_shape=[1, 1]),
        helper.make_node("Gather", ["logit", "plane"], ["cells"], axis=1),
        helper.make_node("Sigmoid", ["cells"], ["text"]),
    ]
    values = [numpy_helper.from_array(np.asarray(value, np.float32), name) for name, value in constants.items()]
    values.append(numpy_helper.from_array(np.asarray(0, np.int64), "plane"))
    taken = helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, "rows", "columns", 3])
    given = helper.make_tensor_value_info("text", TensorProto.FLOAT, [1, "rows_4", "columns_4"])
    graph = helper.make_graph(nodes, "small", [taken], [given], values)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))


def pictures(count: int) -> list[detector.Pixels]:
    rng = np.random.default_rng(9)
    return [rng.integers(0, 256, (64, 96, 3), dtype=np.uint8) for _ in range(count)]


def test_in_eight_bits_it_says_what_the_exported_network_says(tmp_path: Path) -> None:
    exported(tmp_path / "network.onnx")
    eight_bits.write(tmp_path / "network.onnx", tmp_path / "eight.onnx", pictures(4))
    meant = onnxruntime.InferenceSession(tmp_path / "network.onnx")
    said = onnxruntime.InferenceSession(tmp_path / "eight.onnx")
    for picture in pictures(8)[4:]:
        (one,) = meant.run(None, {"picture": picture[np.newaxis]})
        (two,) = said.run(None, {"runs": detector.in_runs(picture)})
        assert one.shape == two.shape == (1, 16, 24)
        assert np.abs(one - two).max() < 0.05
        assert one.std() > 0.05


def test_the_same_network_and_pictures_give_the_same_weights(tmp_path: Path) -> None:
    exported(tmp_path / "network.onnx")
    for name in ("first.onnx", "second.onnx"):
        eight_bits.write(tmp_path / "network.onnx", tmp_path / name, pictures(2))
    assert (tmp_path / "first.onnx").read_bytes() == (tmp_path / "second.onnx").read_bytes()


def test_weights_leave_room_for_sums_of_sixteen_bits(tmp_path: Path) -> None:
    exported(tmp_path / "network.onnx")
    eight_bits.write(tmp_path / "network.onnx", tmp_path / "eight.onnx", pictures(2))
    model = onnx.load(str(tmp_path / "eight.onnx"))
    weights = [numpy_helper.to_array(value) for value in model.graph.initializer if value.data_type == TensorProto.INT8]
    kernels = [values for values in weights if values.ndim == 4]
    assert len(kernels) == 3
    assert max(int(np.abs(values.astype(np.int16)).max()) for values in kernels) <= 64
