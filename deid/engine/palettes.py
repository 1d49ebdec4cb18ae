"""A source's palette, written anew: its colours as a set in an order of our own, and frames as indices into it."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from pydicom import Dataset

from deid.engine import frames

Pixels = npt.NDArray[np.uint8]
Packed = npt.NDArray[np.int32]

ENTRIES = 256
CHANNELS = ("Red", "Green", "Blue")
# colours whose nearest ones are looked for at once
_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Up to 256 colours, darkest first: `colours` is `uint8` (256, 3), `packed` the same as numbers of 24 bits.

    `places` finds the index of such a number, and anything where there is none; hardly any of its pages is ever in use.
    What a source's table held besides colours, such as a text in the order of its entries, does not survive the order.
    """

    colours: Pixels
    packed: Packed
    places: Pixels

    @classmethod
    def of(cls, source: Dataset) -> Self | None:
        """Return the palette of a PALETTE COLOR source, black among it; None where it has too many colours."""
        if str(source.PhotometricInterpretation) != "PALETTE COLOR":
            return None
        found = np.unique(np.append(_packed(frames.palette_of(source)), np.int32(0)))
        if len(found) > ENTRIES:
            return None
        colours = np.zeros((ENTRIES, 3), np.uint8)
        unpacked = _unpacked(found)
        colours[: len(found)] = unpacked[np.argsort(unpacked.sum(axis=1), kind="stable")]
        packed = _packed(colours[: len(found)])
        places = np.zeros(1 << 24, np.uint8)
        places[packed] = np.arange(len(packed))
        return cls(colours, packed, places)

    def indices(self, frame: Pixels) -> Pixels:
        """Return the index of each pixel of `frame` (rows, columns, 3), or of the nearest colour where it has none."""
        wanted = _packed(frame)
        found = np.take(self.places, wanted)
        strange = np.take(self.packed, found) != wanted
        if strange.any():
            unknown, which = np.unique(wanted[strange], return_inverse=True)
            found[strange] = self._nearest(unknown)[which]
        return np.asarray(found, dtype=np.uint8)

    def fitted(self, frame: Pixels) -> Pixels:
        """Return the frame in colours of the palette; a pixel that has one of them stays as it is."""
        return np.asarray(self.colours[self.indices(frame)], dtype=np.uint8)

    def describe(self, header: Dataset) -> None:
        """Set the tables of PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6, sixteen bits an entry."""
        for place, name in enumerate(CHANNELS):
            entries = self.colours[:, place].astype("<u2") * np.uint16(257)
            setattr(header, f"{name}PaletteColorLookupTableDescriptor", [ENTRIES, 0, 16])
            setattr(header, f"{name}PaletteColorLookupTableData", entries.tobytes())
            header[f"{name}PaletteColorLookupTableDescriptor"].VR = "US"
            header[f"{name}PaletteColorLookupTableData"].VR = "OW"

    def _nearest(self, packed: Packed) -> Pixels:
        own = self.colours[: len(self.packed)].astype(np.int32)
        found = []
        for start in range(0, len(packed), _AT_ONCE):
            wanted = _unpacked(packed[start : start + _AT_ONCE])
            # squares of distances, but for a part that is the same for all
            away = (own**2).sum(axis=1) - 2 * wanted @ own.T
            found.append(away.argmin(axis=1).astype(np.uint8))
        return np.concatenate(found)


def _packed(colours: Pixels) -> Packed:
    packed = colours[..., 0].astype(np.int32)
    for place in (1, 2):
        packed <<= 8
        packed |= colours[..., place]
    return packed


def _unpacked(packed: Packed) -> Packed:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)
