"""Networks open for one core, and what is none is told apart."""

import sys
from hashlib import sha256

import pytest

from deid.engine import line_reader, networks


def test_a_network_beside_the_engine_opens() -> None:
    session = networks.opened(networks.weights_of("text_network.onnx"))
    assert session.get_providers() == ["CPUExecutionProvider"]
    assert session.get_session_options().intra_op_num_threads == 1


def test_other_bytes_are_no_network() -> None:
    with pytest.raises(networks.FAULTS):
        networks.opened(b"no network")
    with pytest.raises(OSError, match="missing"):
        networks.weights_of("missing.onnx")


def test_weights_in_a_package_are_those_that_were_measured_and_its_code_is_not_run() -> None:
    name = "models/PP-OCRv6_rec_small.onnx"
    sys.modules.pop("rapidocr", None)
    weights = networks.weights_in("rapidocr", name, digest=line_reader._DIGEST)
    assert sha256(weights).hexdigest() == line_reader._DIGEST
    assert "rapidocr" not in sys.modules
    for package, file, digest in (("rapidocr", name, "00"), ("rapidocr", "none.onnx", "00"), ("no_such", name, "00")):
        with pytest.raises(OSError, match=r"weights|none\.onnx"):
            networks.weights_in(package, file, digest=digest)
