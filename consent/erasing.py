"""What consent keeps sealed of a patient who is forgotten: the names under her decisions and her reasons."""

from consent.models import Signature, Withdrawal
from ultrasound_portal.patients.erasing import erases, shred_all
from ultrasound_portal.patients.models import Patient


@erases
def shred_names_and_reasons(patient: Patient, _actor: str) -> None:
    """Destroy the keys; the evidence still binds the names by their keyed digests, which tell nothing."""
    shred_all(Signature.objects.filter(record__patient=patient).values_list("name_object_id", flat=True))
    shred_all(Withdrawal.objects.filter(grant__patient=patient).values_list("reason_object_id", flat=True))
