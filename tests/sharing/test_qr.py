"""QR codes as one path."""

import re

import cv2
import numpy as np

from sharing.qr import QUIET_ZONE, qr_code

ADDRESS = "https://portal.example/v/#x5XPqCc5TQAMfzJtF4nRWkT2MG9jitsGt1zyZRlnxaw"


def painted(path: str, side: int, scale: int = 8) -> np.ndarray:
    image = np.full((side, side), 255, dtype=np.uint8)
    for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        image[int(row), int(column) : int(column) + int(length)] = 0
    return image.repeat(scale, axis=0).repeat(scale, axis=1)


def test_a_camera_reads_the_address() -> None:
    code = qr_code(ADDRESS)
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(painted(code.path, code.side))
    assert text == ADDRESS


def test_the_path_holds_nothing_but_strokes_inside_the_quiet_zone() -> None:
    code = qr_code(ADDRESS)
    assert re.fullmatch(r"(?:M\d+ \d+h\d+v1h-\d+z)+", code.path)
    image = painted(code.path, code.side, scale=1)
    rows, columns = np.nonzero(image == 0)
    for found in (rows, columns):
        assert found.min() == QUIET_ZONE
        assert found.max() == code.side - QUIET_ZONE - 1
