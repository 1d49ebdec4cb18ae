"""What goes with a patient who is forgotten: every picture of hers, its original first."""

from deid.models import Instance, LegalHold
from deid.services.destruction import erase_picture
from deid.states import Lapse
from ultrasound_portal.patients.erasing import erases
from ultrasound_portal.patients.errors import ErasureRefused
from ultrasound_portal.patients.models import Patient


@erases
def erase_pictures(patient: Patient, actor: str) -> None:
    """Erase every picture of the patient; raises ErasureRefused while one of her studies is on legal hold."""
    if LegalHold.objects.filter(study__patient=patient, lifted_at=None).exists():
        raise ErasureRefused("A study of this patient is on legal hold. Lift it first.")
    pictures = Instance.objects.select_for_update(of=("self",)).select_related("study").filter(study__patient=patient)
    for instance in pictures.order_by("pk"):
        erase_picture(instance, reason=Lapse.FORGOTTEN.value, actor=actor)
