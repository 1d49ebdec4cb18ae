"""System checks for settings that would hurt, each with a sentence that says what to do."""

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections
from django.db.utils import DatabaseError

from ultrasound_portal import env
from ultrasound_portal.vault import keyring
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


@register(Tags.database)
def check_wrapping_key_fits(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Objects wrapped with a key that is not here cannot be opened by anybody."""
    sealed = apps.get_model("vault", "SealedObject")
    wrong: list[CheckMessage] = []
    for alias in databases or ():
        try:
            if sealed._meta.db_table not in connections[alias].introspection.table_names():
                continue
            living = sealed._default_manager.using(alias).filter(destroyed_at=None)
            ids = set(living.values_list("kek_id", flat=True))
        except DatabaseError:
            continue  # Django itself reports a database that cannot be reached
        if ids and ids != _present():
            wrong.append(
                Error(
                    "Sealed objects need a wrapping key that is not in the data folder.",
                    hint="Put the keys folder back from its backup; without it these objects stay closed.",
                    id="portal.E003",
                )
            )
    return wrong


def _present() -> set[str]:
    try:
        return {keyring.current().id}
    except KeyUnavailable:
        return set()
