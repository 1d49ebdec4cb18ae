"""New staff at the terminal: the password is typed twice or read from a file, and every fault is a plain sentence."""

import getpass
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.db.models import Model

from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.services import create_user

LONGEST = 1024
"""Characters that the sign-in page takes."""


def add_person_arguments(parser: CommandParser, *, name_needed: bool) -> None:
    """Take who it is and where the password comes from."""
    parser.add_argument("--email", required=True, help="the address to sign in with")
    parser.add_argument("--display-name", required=name_needed, default="", help="the name that colleagues see")
    parser.add_argument("--password-file", type=Path, help="read the password from this file instead of asking")


def check_ready() -> None:
    """Raise CommandError where the tables are not there yet."""
    if Clinic._meta.db_table not in connection.introspection.table_names():
        raise CommandError(
            "The tables are not there yet. Start the portal once with script/server --empty, or run manage.py migrate."
        )


def find_user(email: str) -> User | None:
    """Return the user with this address, whatever its case."""
    return User.objects.filter(email=email.strip().lower()).first()


def check_values(unsaved: Model, *, exclude: frozenset[str] = frozenset()) -> None:
    """Raise CommandError with everything that is wrong with the values of a row that is not saved yet."""
    try:
        unsaved.clean_fields(exclude=exclude)
    except ValidationError as fault:
        lines = [f"{name.replace('_', ' ')}: {' '.join(texts)}" for name, texts in fault.message_dict.items()]
        raise CommandError("\n".join(lines)) from None


def check_person(*, email: str, display_name: str) -> None:
    """Raise CommandError for an address or a name that will not do; asked before the password is."""
    if not display_name.strip():
        raise CommandError("Nobody signs in with this address yet. Give the person's --display-name too.")
    check_values(User(email=email.strip().lower(), display_name=display_name.strip()), exclude=frozenset({"password"}))


def password_from(path: Path | None) -> str:
    """Return the password of the file, or the one typed twice on the terminal.

    Never called inside a transaction: SQLite's only writer would wait for the person who types.
    """
    password = _from_file(path) if path else _asked()
    if len(password) > LONGEST:
        raise CommandError(f"The password is longer than {LONGEST} characters. Choose a shorter one.")
    return password


def new_user(*, email: str, display_name: str, password: str) -> User:
    """Make a user; raises CommandError for a password that is short or common."""
    try:
        return create_user(email, display_name, password)
    except ValidationError as fault:
        raise CommandError("\n".join(fault.messages)) from None


def _from_file(path: Path) -> str:
    try:
        password = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise CommandError("The password file cannot be read.") from None
    if not password or "\n" in password:
        raise CommandError("The password file must hold the password on one line and nothing else.")
    return password


def _asked() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to type a password on. Give --password-file.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != password:
        raise CommandError("The two passwords differ. Nothing was changed; try again.")
    return password
