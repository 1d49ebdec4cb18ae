"""What tests of painted screens need of the machine."""

import pytest

from deid.training.fonts import FACES, FontMissing, strike


@pytest.fixture(scope="session")
def typefaces() -> None:
    """Skip where the fonts of painted screens are not installed; the reason names a Debian package."""
    try:
        for face in FACES:
            if face.files:
                strike(face, 12)
    except FontMissing as missing:
        pytest.skip(str(missing))
