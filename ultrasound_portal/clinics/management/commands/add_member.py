"""`manage.py add_member`: one more person who works in a clinic."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ultrasound_portal.clinics.management.people import (
    add_person_arguments,
    check_person,
    check_ready,
    find_user,
    new_user,
    password_from,
)
from ultrasound_portal.clinics.models import Clinic, Membership, User
from ultrasound_portal.clinics.roles import Role, says
from ultrasound_portal.clinics.services import add_member


class Command(BaseCommand):
    """Makes the user where needed and gives the roles."""

    help = "Give a person a role in a clinic. Asks for the password on the terminal where the person is new."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the clinic, the person and the roles."""
        parser.add_argument("--clinic", required=True, help="the clinic's id, or its name")
        parser.add_argument(
            "--role",
            required=True,
            action="append",
            choices=Role.values,
            help="what the person may do; may be repeated",
        )
        add_person_arguments(parser, name_needed=False)

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's signature
        """Add the person and say so, without a name."""
        check_ready()
        clinic = _clinic(options["clinic"].strip())
        email, display_name = options["email"], options["display_name"]
        roles = [Role(one) for one in options["role"]]
        user = find_user(email)
        if user is not None:
            _check_free(user, clinic)
            add_member(user, clinic, roles, None)
        else:
            check_person(email=email, display_name=display_name)
            password = password_from(options["password_file"])
            with transaction.atomic():
                user = new_user(email=email, display_name=display_name, password=password)
                add_member(user, clinic, roles, None)
        self.stdout.write(f"Added as {says(roles).lower()}. User id: {user.pk}")


def _clinic(asked: str) -> Clinic:
    """Return the clinic by id or by name; raises CommandError that lists the clinics there are."""
    try:
        found = Clinic.objects.filter(pk=uuid.UUID(asked))
    except ValueError:
        found = Clinic.objects.filter(name__iexact=asked)
    clinics = list(found[:2])
    if len(clinics) == 1:
        return clinics[0]
    known = "\n".join(f"  {clinic.pk}  {clinic.name}" for clinic in Clinic.objects.order_by("name"))
    if not known:
        raise CommandError("There is no clinic yet. Use open_clinic first.")
    raise CommandError(f"Name one clinic by its id. There are:\n{known}")


def _check_free(user: User, clinic: Clinic) -> None:
    """Refuse a second membership of one clinic; the page People changes roles."""
    if Membership.objects.filter(user=user, clinic=clinic).exists():
        raise CommandError("Somebody with this address works in this clinic already.")
