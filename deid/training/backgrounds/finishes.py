"""What a machine's picture processing does to the grey picture at the end."""

import cv2
import numpy as np

from deid.training.backgrounds.fields import Bytes


def plain(grey: Bytes) -> Bytes:
    """Leave the picture alone."""
    return grey


def persistent(grey: Bytes) -> Bytes:
    """Blur a little, as averaging over frames does."""
    return _bytes(cv2.GaussianBlur(grey, (0, 0), 0.9))


def painted(grey: Bytes) -> Bytes:
    """Smooth within tissues and keep their borders: the look of speckle reduction."""
    return _bytes(cv2.medianBlur(cv2.medianBlur(grey, 5), 3))


def sharpened(grey: Bytes) -> Bytes:
    """Enhance edges."""
    return _bytes(cv2.addWeighted(grey, 1.9, cv2.GaussianBlur(grey, (0, 0), 1.6), -0.9, 0))


def coarse(grey: Bytes) -> Bytes:
    """Enlarge a picture of half the pixels, as old video does."""
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return _bytes(cv2.resize(small, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR))


def interlaced(grey: Bytes) -> Bytes:
    """Move every other row by a pixel and dim it, as two fields of video do."""
    woven = grey.copy()
    woven[1::2, 1:] = grey[1::2, :-1] - grey[1::2, :-1] // 12
    return woven


def stepped(grey: Bytes) -> Bytes:
    """Keep only 24 steps of grey."""
    return (grey // 11) * np.uint8(11)


def glowing(grey: Bytes) -> Bytes:
    """Add a soft glow round bright echoes."""
    return _bytes(cv2.addWeighted(grey, 0.85, cv2.GaussianBlur(grey, (0, 0), 4), 0.4, 0))


def _bytes(picture: object) -> Bytes:
    return np.asarray(picture, dtype=np.uint8)
