"""`manage.py open_clinic`: a real clinic, its first plain brand, and the administrator who sets up the rest."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from ultrasound_portal.clinics.management.people import (
    add_person_arguments,
    check_person,
    check_ready,
    check_values,
    find_user,
    new_user,
    password_from,
)
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member, create_clinic


class Command(BaseCommand):
    """Makes a clinic and its first administrator together, or neither."""

    help = "Open a clinic with a plain first brand and one administrator. Asks for the password on the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the clinic and its administrator."""
        parser.add_argument("--name", required=True, help="the clinic's name, as patients know it")
        parser.add_argument(
            "--contact", required=True, help="telephone or mail for patients who withdraw consent; they see it"
        )
        parser.add_argument(
            "--also",
            action="append",
            default=[],
            choices=[role.value for role in Role if role != Role.ADMINISTRATOR],
            help="another role of the administrator, who by herself sees no picture; may be repeated",
        )
        add_person_arguments(parser, name_needed=True)

    def handle(self, *_: Any, **options: Any) -> None:  # Any: Django's signature
        """Make both and write the clinic's id, which add_member asks for."""
        check_ready()
        name, contact = options["name"].strip(), options["contact"].strip()
        check_values(Clinic(name=name, contact=contact))
        if Clinic.objects.filter(name__iexact=name).exists():
            raise CommandError("There is a clinic with this name. Use add_member to add staff to it.")
        if find_user(options["email"]):
            raise CommandError(
                "Somebody signs in with this address already. Open the clinic with another one, then use add_member."
            )
        email, display_name = options["email"], options["display_name"]
        check_person(email=email, display_name=display_name)
        password = password_from(options["password_file"])
        with transaction.atomic():
            clinic = create_clinic(name, contact)
            administrator = new_user(email=email, display_name=display_name, password=password)
            add_member(administrator, clinic, [Role.ADMINISTRATOR, *map(Role, options["also"])], None)
        self.stdout.write(f"The clinic is open. Its id, for add_member: {clinic.pk}")
