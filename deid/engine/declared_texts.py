"""The boxes in which a Philips machine says that it printed name, number, institution, date and time."""

from collections.abc import Iterator

from pydicom import DataElement, Dataset

from deid.engine.declared_regions import Rectangle

# the private group and creator; elements (gg,xxee) of a block (PS3.5 7.8.1): a list, its texts, and a text's corners
_GROUP, _CREATOR = 0x200D, "Philips US Imaging DD 109"
_LIST, _TEXTS, _CORNERS = 0x0D, 0x01, 0x04


def rectangles(dataset: Dataset, *, rows: int, columns: int) -> list[Rectangle]:
    """Return (x0, y0, x1, y1), corners inclusive, of the declared texts that lie in the picture.

    The layout is that of public files of such machines: (200D,xx0D) holds items with a sequence (200D,xx01), each item
    of it a name such as IFI_PN and the corners (200D,xx04). What is not of this form says nothing.
    """
    found = (_rectangle(text) for item in _items(dataset, _LIST) for text in _items(item, _TEXTS))
    return [box for box in found if box is not None and _lies_in(box, rows=rows, columns=columns)]


def _items(dataset: Dataset, number: int) -> Iterator[Dataset]:
    element = _element(dataset, number)
    if element is not None and element.VR == "SQ":
        yield from element.value


def _rectangle(text: Dataset) -> Rectangle | None:
    element = _element(text, _CORNERS)
    try:
        corners = [int(value) for value in element.value] if element is not None else []
    except (TypeError, ValueError):
        return None
    return (corners[0], corners[1], corners[2], corners[3]) if len(corners) == 4 else None


def _element(dataset: Dataset, number: int) -> DataElement | None:
    try:
        return dataset.private_block(_GROUP, _CREATOR)[number]
    except KeyError:
        return None


def _lies_in(box: Rectangle, *, rows: int, columns: int) -> bool:
    x0, y0, x1, y1 = box
    return 0 <= x0 < x1 < columns and 0 <= y0 < y1 < rows
