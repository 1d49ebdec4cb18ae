"""Who stands behind the actors of the trail, in words for a page: staff by name, others by their way in."""

from collections.abc import Callable, Iterable

from ultrasound_portal.clinics.models import User

GONE = "A former member of staff"
OTHERS = {"link": "Somebody with a link", "invitation": "Somebody who was invited"}
PORTAL = "The portal"


def namer(actors: Iterable[str]) -> Callable[[str], str]:
    """Return what says the name of any of these actors, such as `user:<uuid>` or `system:worker`; asks once for all."""
    keys = {actor.removeprefix("user:") for actor in actors if actor.startswith("user:")}
    names = {f"user:{user.pk}": user.display_name for user in User.objects.filter(pk__in=keys)}

    def name(actor: str) -> str:
        kind = actor.partition(":")[0]
        return names.get(actor, GONE) if kind == "user" else OTHERS.get(kind, PORTAL)

    return name
