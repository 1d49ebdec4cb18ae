"""In the demo a message is a file that its owner alone can read."""

from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from sharing.messages import Text
from sharing.senders.files import FileSender, folder
from sharing.senders.sender import NotSent

KEY = UUID("11111111-2222-4333-8444-555555555555")
TEXT = Text("Your code", "Your code is WXYZ-BCDF.")


@pytest.fixture(autouse=True)
def _data(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path


def test_a_message_is_one_private_file_however_often_it_is_sent() -> None:
    for _ in range(2):
        FileSender().send(key=KEY, to="rowan@example.net", text=TEXT)
    (file,) = folder().iterdir()
    assert file.read_text() == "To: rowan@example.net\nSubject: Your code\n\nYour code is WXYZ-BCDF.\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_pdf_lies_beside_it() -> None:
    FileSender().send(key=KEY, to="rowan@example.net", text=Text("The copy", "It is attached.", b"%PDF-1.7 hers"))
    assert {file.suffix for file in folder().iterdir()} == {".txt", ".pdf"}
    assert (folder() / f"{KEY}.pdf").read_bytes() == b"%PDF-1.7 hers"


def test_a_folder_that_cannot_be_written_is_tried_again() -> None:
    folder().write_text("in the way")
    with pytest.raises(NotSent) as failed:
        FileSender().send(key=KEY, to="rowan@example.net", text=TEXT)
    assert not failed.value.final
