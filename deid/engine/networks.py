"""Finds the weights of networks and opens them, each for one core."""

from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as faults

# the runtime's exceptions have no common base
FAULTS = (
    faults.EPFail,
    faults.Fail,
    faults.InvalidArgument,
    faults.InvalidGraph,
    faults.InvalidProtobuf,
    faults.NotImplemented,
    faults.RuntimeException,
)


def weights_of(name: str) -> bytes:
    """Return the bytes of a network's file beside this module; raises OSError."""
    return files("deid.engine").joinpath(name).read_bytes()


def weights_in(package: str, name: str, *, digest: str) -> bytes:
    """Return the bytes of a network's file in another package, none of whose code is run.

    Raises OSError where package or file are missing, or the file has another SHA-256 than `digest`.
    """
    found = find_spec(package)
    for folder in (found.submodule_search_locations or ()) if found else ():
        weights = (Path(folder) / name).read_bytes()
        if sha256(weights).hexdigest() == digest:
            return weights
    raise FileNotFoundError(f"{package} does not hold the weights that were measured")


def opened(weights: bytes) -> onnxruntime.InferenceSession:
    """Return a session of a network; raises one of FAULTS where the bytes are none."""
    options = onnxruntime.SessionOptions()
    # one core for each engine; the caller decides how many engines run
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # pictures come in every size, and a plan of memory kept for each of them is not worth its room
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
