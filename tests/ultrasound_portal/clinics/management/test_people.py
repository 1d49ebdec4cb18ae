"""New staff at the terminal: passwords come from a file or are typed twice, and faults are plain sentences."""

import getpass
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from tests.factories.clinics import PASSWORD, make_user
from ultrasound_portal.clinics.management import people
from ultrasound_portal.clinics.models import Clinic, User


class Terminal(io.StringIO):
    """Stands for a person at a keyboard."""

    def isatty(self) -> bool:
        return True


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Iterator[str]:
    """Answer the questions for passwords with `lines`."""
    answers = iter(lines)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(answers))
    return answers


def test_a_password_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    assert people.password_from(tmp_path / "password") == PASSWORD


def test_spaces_of_a_password_stay(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" a quiet river \r\n")
    assert people.password_from(tmp_path / "password") == " a quiet river "


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines\n"])
def test_a_file_holds_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "password").write_bytes(content)
    with pytest.raises(CommandError, match="one line"):
        people.password_from(tmp_path / "password")


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", None])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "password").write_bytes(content)
    with pytest.raises(CommandError, match="cannot be read"):
        people.password_from(tmp_path / "password")


def test_a_password_longer_than_the_sign_in_page_takes(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("x" * (people.LONGEST + 1))
    with pytest.raises(CommandError, match="shorter"):
        people.password_from(tmp_path / "password")


def test_a_password_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    left = type_in(monkeypatch, PASSWORD, PASSWORD)
    assert people.password_from(None) == PASSWORD
    assert list(left) == []


def test_two_different_passwords_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, PASSWORD, PASSWORD.upper())
    with pytest.raises(CommandError, match="differ"):
        people.password_from(None)


def test_nobody_is_asked_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="--password-file"):
        people.password_from(None)


@pytest.mark.parametrize(
    ("email", "display_name", "said"),
    [
        ("ada@example.org", " ", "--display-name"),
        ("not an address", "Ada Marsh", "email: Enter a valid email address"),
        ("ada@example.org", "A" * 121, "display name: "),
    ],
)
def test_a_person_that_will_not_do(email: str, display_name: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        people.check_person(email=email, display_name=display_name)


def test_every_fault_of_a_row_is_said() -> None:
    with pytest.raises(CommandError) as refused:
        people.check_values(Clinic(name="N" * 121, contact=""))
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == ["name", "contact"]


@pytest.mark.django_db
def test_a_user_is_made() -> None:
    user = people.new_user(email="Ada@Example.org", display_name="Ada Marsh", password=PASSWORD)
    assert user == User.objects.get(email="ada@example.org")
    assert user.check_password(PASSWORD)


@pytest.mark.django_db
@pytest.mark.requirement("R38")
def test_a_weak_password_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="too short"):
        people.new_user(email="ada@example.org", display_name="Ada Marsh", password="short")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_user_is_found_in_any_case() -> None:
    user = make_user(email="ada@example.org")
    assert people.find_user(" ADA@example.org ") == user
    assert people.find_user("bea@example.org") is None


@pytest.mark.django_db
def test_tables_that_are_there() -> None:
    people.check_ready()


@pytest.mark.django_db
def test_without_tables_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(CommandError, match="migrate"):
        people.check_ready()
