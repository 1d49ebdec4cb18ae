"""What sharing keeps sealed of a patient who is forgotten: the names of her links, which lead nowhere, messages,
and what was told of incidents."""

from sharing.models import Incident, Link, Message
from sharing.services.links import revoke_links
from sharing.services.messages import stop_messages
from sharing.states import MessageFault
from ultrasound_portal.patients.erasing import erases, shred_all
from ultrasound_portal.patients.models import Patient


@erases
def end_links(patient: Patient, actor: str) -> None:
    """Stop what would still be sent, revoke every link of the patient and destroy the keys of the names."""
    stop_messages(Message.objects.filter(patient=patient), MessageFault.FORGOTTEN, actor=actor)
    links = Link.objects.filter(patient=patient)
    revoke_links(links, actor=actor)
    shred_all(links.values_list("nickname_object_id", flat=True))
    shred_all(Incident.objects.filter(study__patient=patient).values_list("account_object_id", flat=True))
