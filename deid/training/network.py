"""The network that finds text: fully convolutional, one logit for each cell of 4 x 4 pixels."""

from torch import Tensor, nn
from torch.nn import functional

CELL = 4
# channels at a half, a quarter, an eighth and a sixteenth of the picture's size
_HALF, _QUARTER, _EIGHTH, _SIXTEENTH = 16, 24, 32, 48


def _convolution(inward: int, outward: int, *, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, stride=stride, padding=dilation, dilation=dilation, bias=False),
        nn.BatchNorm2d(outward),
    )


class Block(nn.Module):
    """Two convolutions of 3 x 3 and a way past them (He et al. 2016, arXiv:1512.03385)."""

    def __init__(self, channels: int, *, dilation: int = 1) -> None:
        super().__init__()
        self.first = _convolution(channels, channels, dilation=dilation)
        self.second = _convolution(channels, channels)

    def forward(self, values: Tensor) -> Tensor:
        """Return values of the same shape."""
        return functional.relu(values + self.second(functional.relu(self.first(values))))


class TextNetwork(nn.Module):
    """Strokes at a quarter of the size, lines of text at an eighth, their surroundings at a sixteenth.

    The coarse levels are added back to the finer ones, as in Ronneberger et al. 2015 (arXiv:1505.04597), which keeps
    the cells sharp and the reach wide.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            _convolution(3, _HALF, stride=2), nn.ReLU(), _convolution(_HALF, _QUARTER, stride=2), nn.ReLU()
        )
        self.to_eighth = nn.Sequential(_convolution(_QUARTER, _EIGHTH, stride=2), nn.ReLU(), Block(_EIGHTH))
        self.to_sixteenth = nn.Sequential(
            _convolution(_EIGHTH, _SIXTEENTH, stride=2), nn.ReLU(), Block(_SIXTEENTH), Block(_SIXTEENTH, dilation=2)
        )
        self.back_to_eighth = nn.Conv2d(_SIXTEENTH, _EIGHTH, 1)
        self.eighth = Block(_EIGHTH, dilation=2)
        self.back_to_quarter = nn.Conv2d(_EIGHTH, _QUARTER, 1)
        self.quarter = Block(_QUARTER)
        self.logit = nn.Conv2d(_QUARTER, 1, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return logits (N, rows / 4, columns / 4) for pictures (N, rows, columns, 3) of 0 to 255.

        Rows and columns are multiples of 16.
        """
        centred = pictures.permute(0, 3, 1, 2).float() * (1 / 128) - 1
        quarter = self.stem(centred)
        eighth = self.to_eighth(quarter)
        wide = self.back_to_eighth(self.to_sixteenth(eighth))
        eighth = self.eighth(eighth + functional.interpolate(wide, scale_factor=2.0, mode="nearest"))
        lifted = self.back_to_quarter(eighth)
        quarter = self.quarter(quarter + functional.interpolate(lifted, scale_factor=2.0, mode="nearest"))
        return self.logit(quarter)[:, 0]
