"""A care status is noted and what still waits to be sent to anybody is stopped, in one transaction."""

from django.db import transaction

from sharing.models import Message
from sharing.services.messages import stop_messages
from sharing.states import MessageFault
from ultrasound_portal.patients import care
from ultrasound_portal.patients.care import CareStatus
from ultrasound_portal.patients.models import Patient


@transaction.atomic
def note_care(patient: Patient, status: CareStatus, *, actor: str) -> bool:
    """Note how a patient wishes to be met; false for no change. Raises CareRefused, see `care.note_status`.

    Where it asks for quiet every waiting message about her is stopped, codes as well: one that is asked for afterwards
    goes out, since it answers whoever asked (`messages.may_send`).
    """
    changed = care.note_status(patient, status, actor=actor)
    if changed and status.quiet:
        stop_messages(Message.objects.filter(patient=patient), MessageFault.QUIET, actor=actor)
    return changed
