"""What sharing keeps sealed of a patient who is forgotten: the names of her links, which lead nowhere afterwards."""

from sharing.models import Link
from sharing.services.links import revoke_links
from ultrasound_portal.patients.erasing import erases, shred_all
from ultrasound_portal.patients.models import Patient


@erases
def end_links(patient: Patient, actor: str) -> None:
    """Revoke every link of the patient and destroy the keys of the names."""
    links = Link.objects.filter(patient=patient)
    revoke_links(links, actor=actor)
    shred_all(links.values_list("nickname_object_id", flat=True))
