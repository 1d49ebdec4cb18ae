"""System checks for settings that would hurt, each with a sentence that says what to do."""

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.utils import DatabaseError

from ultrasound_portal import catalogues, env
from ultrasound_portal.patients.services import index_key_fits
from ultrasound_portal.vault import index_mark, keyring
from ultrasound_portal.vault.errors import KeyUnavailable


@register(Tags.security)
def check_demo_stays_here(**_: object) -> list[CheckMessage]:
    """The demo's passwords are printed in the guide, so it may listen on this machine only."""
    if settings.DEMO and not env.is_loopback(settings.PORTAL_BIND):
        return [
            Error(
                "The demo clinic has well-known passwords and would be open to the network.",
                hint="Set PORTAL_BIND to 127.0.0.1, or start without the demo (--empty, DEMO=0).",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.security)
def check_network_has_tls(**_: object) -> list[CheckMessage]:
    """Pictures and passwords cross a network only inside TLS."""
    if not settings.PORTAL_HTTPS and not env.is_loopback(settings.PORTAL_BIND):
        return [
            Error(
                "The portal would answer other machines without TLS.",
                hint="Put a TLS proxy in front and set PORTAL_HTTPS=1, or set PORTAL_BIND to 127.0.0.1.",
                id="portal.E002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def check_secret_key_is_kept(**_: object) -> list[CheckMessage]:
    """A key that lives only as long as one process ends every session at each restart."""
    if not env.secret("SECRET_KEY", "") and not settings.SECRET_KEY_FILE.exists():
        return [
            Warning(
                "There is no kept secret key: sessions end with this process.",
                hint="Start the portal once with script/server, or set SECRET_KEY or SECRET_KEY_FILE.",
                id="portal.W001",
            )
        ]
    return []


@register(Tags.translation)
def check_catalogues_are_compiled(**_: object) -> list[CheckMessage]:
    """A patient who reads Spanish must not meet English because a file was not made."""
    if catalogues.stale():
        return [
            Warning(
                "A catalogue of translated texts is not compiled.",
                hint="Run: python -m ultrasound_portal.catalogues (it needs GNU gettext's msgfmt).",
                id="portal.W004",
            )
        ]
    return []


@register(Tags.database)
def check_wrapping_key_fits(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Objects wrapped with a key that is not here cannot be opened by anybody."""
    sealed = apps.get_model("vault", "SealedObject")
    wrong: list[CheckMessage] = []
    for alias in databases or ():
        if sealed._meta.db_table not in _tables(alias):
            continue
        living = sealed._default_manager.using(alias).filter(destroyed_at=None)
        ids = set(living.order_by().values_list("kek_id", flat=True).distinct())
        if ids and not ids <= keyring.present_ids():
            wrong.append(
                Error(
                    "Sealed objects need a wrapping key that is not here.",
                    hint="Put the keys folder back from its backup; without it these objects stay closed.",
                    id="portal.E003",
                )
            )
    return wrong


@register(Tags.database)
def check_index_key_fits(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """With another index key every known patient would be taken for a new one, and nothing would fail."""
    try:
        wrong = any(_index_key_is_wrong(alias) for alias in databases or ())
    except KeyUnavailable:
        return []  # the check of the wrapping key says so where anything is sealed
    if not wrong:
        return []
    return [
        Error(
            "The index key is not the one this data was made with: known patients would be taken for new ones.",
            hint="Put the index key back that belongs to this database; it lies beside the wrapping key in the backup.",
            id="portal.E004",
        )
    ]


def _index_key_is_wrong(alias: str) -> bool:
    """Ask the mark beside the data, or where there is none yet a patient's own match value."""
    tables = _tables(alias)
    if "vault_indexmark" in tables and (known := index_mark.fits()) is not None:
        return not known
    return "patients_patient" in tables and "vault_sealedobject" in tables and index_key_fits() is False


def _tables(alias: str) -> list[str]:
    try:
        return connections[alias].introspection.table_names()
    except DatabaseError:
        return []  # Django itself reports a database that cannot be reached
