"""The regions that a file declares (SequenceOfUltrasoundRegions), as far as they can be rectangles of a picture."""

from pydicom import Dataset

Rectangle = tuple[int, int, int, int]

# PS3.3 C.8.5.5.1.1 and C.8.5.5.1.2: 2D, M-mode, spectral; tissue, colour flow, the Doppler traces and modes
_FORMATS = frozenset({1, 2, 3})
_TYPES = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 18})
# some machines give the first pixel beyond the region as its last
_OVERSHOOT = 2
_LEAST_SHARE, _MOST_SHARE = 0.02, 0.97
_LEAST_SIDE = 8


def rectangles(dataset: Dataset, *, rows: int, columns: int) -> list[Rectangle]:
    """Return (x0, y0, x1, y1), corners inclusive (PS3.3 C.8.5.5), of the declared pictures and traces.

    Left out are waveforms, graphics, grey and colour bars, regions that do not lie in the picture as those of scaled
    and cropped files, and regions over the whole screen: they say nothing about where the identity strip stands.
    """
    found = [_rectangle(item, rows=rows, columns=columns) for item in _items(dataset)]
    return [rectangle for rectangle in found if rectangle is not None]


def _items(dataset: Dataset) -> list[Dataset]:
    items = dataset.get("SequenceOfUltrasoundRegions", None) or ()
    return [item for item in items if isinstance(item, Dataset)]


def _rectangle(item: Dataset, *, rows: int, columns: int) -> Rectangle | None:
    try:
        if int(item.RegionSpatialFormat) not in _FORMATS or int(item.RegionDataType) not in _TYPES:
            return None
        x0, y0 = int(item.RegionLocationMinX0), int(item.RegionLocationMinY0)
        x1, y1 = int(item.RegionLocationMaxX1), int(item.RegionLocationMaxY1)
    except (AttributeError, TypeError, ValueError):
        return None
    if x0 < 0 or y0 < 0 or x1 >= columns + _OVERSHOOT or y1 >= rows + _OVERSHOOT:
        return None
    x1, y1 = min(x1, columns - 1), min(y1, rows - 1)
    if min(x1 - x0, y1 - y0) <= _LEAST_SIDE:
        return None
    share = (x1 - x0 + 1) * (y1 - y0 + 1) / (rows * columns)
    return (x0, y0, x1, y1) if _LEAST_SHARE <= share <= _MOST_SHARE else None
