"""Django's own command is not there; whoever tries it learns what to use."""

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize("arguments", [(), ("--noinput", "--email", "ada@example.org")])
def test_it_names_the_commands_that_work(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"open_clinic .* add_member"):
        call_command("createsuperuser", *arguments)
