"""What happens to a screen on its way into a file: greys, blur, gamma, scale, JPEG; the truth follows."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from deid.training.chance import between, happens, pick, spread
from deid.training.glass import Labels, Mask, Pixels

_SMALLEST, _LARGEST = (320, 240), (1280, 1024)
_READABLE_CAP = 7.5
_WAYS = (cv2.INTER_LINEAR, cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)


@dataclass(frozen=True, slots=True)
class Treatment:
    """One way into a file; `scale` 1 leaves the size, `quality` 0 means no JPEG, `sharpness` below 0 blurs."""

    scale: float
    way: int
    grey: bool
    inverted: bool
    gamma: float
    contrast: float
    sharpness: float
    quality: int
    subsampled: bool

    def pixels(self, pixels: Pixels) -> Pixels:
        """Return treated uint8 (rows, columns, 3) pixels."""
        treated = pixels
        if self.grey:
            treated = cv2.cvtColor(cv2.cvtColor(treated, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB).astype(np.uint8)
        if self.sharpness:
            soft = cv2.GaussianBlur(treated, (0, 0), 0.45 + abs(self.sharpness) * 0.3)
            share = max(-1.0, self.sharpness)
            treated = cv2.addWeighted(treated, 1 + share, soft, -share, 0).astype(np.uint8)
        treated = cv2.LUT(treated, self._curve()).astype(np.uint8)
        if self.scale != 1.0:
            treated = cv2.resize(treated, self._size(treated.shape[:2]), interpolation=self.way).astype(np.uint8)
        return self._through_jpeg(treated) if self.quality else np.ascontiguousarray(treated)

    def labels(self, labels: Labels) -> Labels:
        """Return labels at the treated size: no stroke is lost where the screen shrinks."""
        if self.scale == 1.0:
            return labels
        columns, rows = self._size(labels.shape)
        if self.scale > 1:
            return cv2.resize(labels, (columns, rows), interpolation=cv2.INTER_NEAREST).astype(np.int16)
        small = np.zeros((rows, columns), np.int16)
        ys, xs = np.nonzero(labels)
        small[ys * rows // labels.shape[0], xs * columns // labels.shape[1]] = labels[ys, xs]
        return small

    def mask(self, mask: Mask) -> Mask:
        """Return a mask at the treated size."""
        if self.scale == 1.0:
            return mask
        size = self._size(mask.shape)
        return cv2.resize(mask.view(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)

    def _size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        return round(shape[1] * self.scale), round(shape[0] * self.scale)

    def _curve(self) -> Pixels:
        steps = np.linspace(0, 1, 256) ** self.gamma
        bent = (
            np.clip((steps - 0.5) * self.contrast + 0.5, 0, 1)
            if self.contrast < 1
            else np.clip(steps * self.contrast, 0, 1)
        )
        return ((1 - bent if self.inverted else bent) * 255).round().astype(np.uint8)

    def _through_jpeg(self, pixels: Pixels) -> Pixels:
        sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if self.subsampled else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
        settings = [cv2.IMWRITE_JPEG_QUALITY, self.quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
        _, packed = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), settings)
        opened = cv2.imdecode(packed, cv2.IMREAD_COLOR)
        assert opened is not None
        return cv2.cvtColor(opened, cv2.COLOR_BGR2RGB).astype(np.uint8)


def draw(rng: Generator, size: tuple[int, int], cap: int) -> Treatment:
    """Return a treatment for a screen of `size` (columns, rows) whose smallest capitals are `cap` pixels high."""
    scale = _scale(rng, size, cap) if happens(rng, 0.4) else 1.0
    return Treatment(
        scale=scale,
        way=cv2.INTER_NEAREST if scale > 1 and happens(rng, 0.2) else pick(rng, _WAYS),
        grey=happens(rng, 0.08),
        inverted=happens(rng, 0.02),
        gamma=spread(rng, 0.8, 1.25) if happens(rng, 0.5) else 1.0,
        contrast=spread(rng, 0.8, 1.2) if happens(rng, 0.3) else 1.0,
        sharpness=spread(rng, -0.9, 0.8) if happens(rng, 0.25) else 0.0,
        quality=between(rng, 60, 95) if happens(rng, 0.6) else 0,
        subsampled=happens(rng, 0.6),
    )


def _scale(rng: Generator, size: tuple[int, int], cap: int) -> float:
    least = max(0.7, _SMALLEST[0] / size[0], _SMALLEST[1] / size[1], _READABLE_CAP / cap)
    most = min(1.4, _LARGEST[0] / size[0], _LARGEST[1] / size[1])
    return spread(rng, min(least, most), most)
