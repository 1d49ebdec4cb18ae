"""The copies of her sittings: those behind her own link, and by e-mail where she asks for it and gives the address.

An e-mail holds no picture and no name. Its address is sealed in the message and destroyed when the message has ended;
see `sharing.services.messages`.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.models import ConsentDocument, Grant
from sharing.models import Link, Message
from sharing.senders.choosing import open_channels
from sharing.services.messages import Draft, queue_message
from sharing.states import Channel, MessageKind
from ultrasound_portal.patients.care import is_quiet

LIFE = timedelta(hours=24)
PER_DAY = 5


def receipts_of(link: Link) -> QuerySet[ConsentDocument]:
    """Return the copies of her sittings about the study, newest first."""
    return ConsentDocument.objects.filter(
        scope_id=link.study_id, clinic_id=link.clinic_id, records__patient_id=link.patient_id
    ).distinct()


def offers_mail(patient_id: UUID) -> bool:
    """Whether a copy can go by e-mail: there is a sender, and the patient has not asked for quiet."""
    return Channel.EMAIL in open_channels() and not is_quiet(patient_id)


@transaction.atomic
def mail_copy(document: ConsentDocument, to: str, *, actor: str) -> bool:
    """Put a copy into the outbox, for the address that she gave; false where it went out too often today."""
    first = Grant.objects.filter(record__in=document.records.all()).select_related("patient", "wording")[0]
    ConsentDocument.objects.select_for_update().get(pk=document.pk)  # two that ask at once take turns
    since = timezone.now() - timedelta(days=1)
    if Message.objects.filter(document=document, created_at__gt=since).count() >= PER_DAY:
        return False
    draft = Draft(
        patient=first.patient,
        kind=MessageKind.COPY,
        channel=Channel.EMAIL,
        to=to,
        fills={},
        life=LIFE,
        language=first.wording.language,
        document=document,
    )
    queue_message(draft, actor=actor)
    return True


def last_mail(document: ConsentDocument) -> Message | None:
    """Return the last e-mail with this copy, which tells what became of it."""
    return Message.objects.filter(document=document).order_by("-created_at").first()
