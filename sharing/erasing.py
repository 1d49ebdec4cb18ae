"""What sharing keeps sealed of a patient who is forgotten: messages, names and contacts of links, and incidents."""

from sharing.models import Incident, Invitation, Link, Message
from sharing.services import notices
from sharing.services.invitations import revoke_invitations
from sharing.services.links import revoke_links
from sharing.services.messages import stop_messages
from sharing.states import MessageFault
from ultrasound_portal.patients.erasing import erases, shred_all
from ultrasound_portal.patients.models import Patient


@erases
def end_links(patient: Patient, actor: str) -> None:
    """Forget where messages go and stop them, revoke every link of hers and destroy the keys of what is sealed."""
    notices.turn_off(patient, actor=actor)
    stop_messages(Message.objects.filter(patient=patient), MessageFault.FORGOTTEN, actor=actor)
    invitations = Invitation.objects.filter(patient=patient)
    revoke_invitations(invitations, actor=actor)
    shred_all(invitations.values_list("brief_object_id", flat=True))
    links = Link.objects.filter(patient=patient)
    revoke_links(links, actor=actor)
    shred_all(links.values_list("nickname_object_id", flat=True))
    shred_all(Incident.objects.filter(study__patient=patient).values_list("account_object_id", flat=True))
    shred_all(links.values_list("contact_object_id", flat=True))
