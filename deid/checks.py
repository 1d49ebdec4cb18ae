"""System checks of the room where uploaded files are opened."""

from django.core.checks import CheckMessage, Tags, Warning, register

from deid.engine import cage
from deid.engine.errors import CageBroken


@register(Tags.security, deploy=True)
def check_walls_stand(**_: object) -> list[CheckMessage]:
    """A file that takes over its child must find neither network nor keys; where the system forbids walls, say so."""
    try:
        walls = cage.shared().warm_up()
    except CageBroken:
        hint = "See that Tesseract and the Python packages are installed and that there is memory, then check again."
        return [Warning("The process that opens uploaded files does not start.", hint=hint, id="portal.W003")]
    missing = [name for name, stands in (("files", walls.files), ("the network", walls.network)) if not stands]
    if not missing:
        return []
    return [
        Warning(
            f"The process that opens uploaded files is not walled off from {' and '.join(missing)}.",
            hint="Use a kernel with Landlock and seccomp, and a container whose own filter allows both.",
            id="portal.W002",
        )
    ]
