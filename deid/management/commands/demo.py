"""Sets up the demo clinic once: people, brand and two invented studies that go through the real gate."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from deid.ingest.receive import receive
from deid.phantoms.logo import paint_logo
from deid.phantoms.studies import demo_files
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member, create_clinic, create_user, publish_brand_kit
from ultrasound_portal.env import is_loopback

CLINIC = "Wrenfield Women's Imaging"
CONTACT = "pictures@demo.example, 030 5550 0142"
WORDS = "quiet-harbour-lantern"
STAFF = (
    ([Role.SONOGRAPHER], "sonographer@demo.example", "Malin Rehn"),
    ([Role.CLINICIAN], "clinician@demo.example", "Dr Signe Halvorsen"),
    ([Role.ADMINISTRATOR, Role.CLINICIAN], "administrator@demo.example", "Ada Okonkwo"),
)
LINE = "With you from the first picture"
BACKGROUND, INK = "#1c4a4b", "#f8efe0"
_INK_RGB = (248, 239, 224)


class Command(BaseCommand):
    """`manage.py demo`: makes the demo clinic where it is missing and says how to sign in."""

    help = "Set up the demo clinic with invented people and pictures. Needs DEMO and a loopback address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--print-clinic`."""
        parser.add_argument("--print-clinic", action="store_true", help="print nothing but the id of the demo clinic")

    def handle(self, *_args: Any, **options: Any) -> None:  # Any: as Django declares it
        """Make or find the demo; raises CommandError where this is no demo on this machine alone."""
        _check_place()
        clinic = Clinic.objects.filter(name=CLINIC).first() or _make()
        self.stdout.write(str(clinic.pk) if options["print_clinic"] else _welcome())


def _check_place() -> None:
    if not settings.DEMO:
        raise CommandError("The demo is off. Set DEMO=1 on a machine that holds no real patients.")
    if not is_loopback(settings.PORTAL_BIND):
        raise CommandError(
            "The demo's words for signing in are public, so it runs on a loopback address only. "
            "Set PORTAL_BIND=127.0.0.1, or start the portal without the demo."
        )


def _make() -> Clinic:
    """Paint first, then store everything in one transaction: there is a whole demo or none."""
    if Clinic.objects.exists():
        raise CommandError(
            "A clinic works with this data folder, and the demo's words for signing in are public. "
            "Start with --empty, or set PORTAL_DATA to another folder for the demo."
        )
    files = list(demo_files(CLINIC))
    with transaction.atomic():
        clinic = create_clinic(CLINIC, CONTACT)
        for roles, email, name in STAFF:
            add_member(create_user(email, name, WORDS, is_demo=True), clinic, roles, None)
        logo = paint_logo(512, _INK_RGB)
        publish_brand_kit(clinic, name=CLINIC, line=LINE, background=BACKGROUND, ink=INK, logo=logo, by=None)
        for data in files:
            receive(data, clinic=clinic, actor="system:demo", door="upload")
    return clinic


def _welcome() -> str:
    host = f"[{settings.PORTAL_BIND}]" if ":" in settings.PORTAL_BIND else settings.PORTAL_BIND
    people = [f"    {roles[0].label:<15}{email}" for roles, email, _ in STAFF]
    return "\n".join(
        (
            "",
            f"  {CLINIC} (demo, every person invented)",
            "",
            f"    Staff          http://{host}:{settings.PORTAL_PORT}/sign-in/",
            f"    Patients       http://{host}:{settings.PORTAL_PORT}/v/",
            "",
            *people,
            f"    {'Password':<15}{WORDS}",
            "",
        )
    )
