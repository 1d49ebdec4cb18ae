"""The list of font packages against the table of faces."""

from deid.training.fonts import FACES
from deid.training.packages import PACKAGES


def test_the_list_names_each_package_of_the_table_once() -> None:
    assert list(PACKAGES) == sorted({face.package for face in FACES if face.package})
