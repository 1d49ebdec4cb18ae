"""What consent keeps sealed of a patient who is forgotten: names, reasons, what was said of a right, and her copies."""

from consent.models import Capacity, ConsentDocument, Recipient, Signature, Suspension, Withdrawal
from ultrasound_portal.patients.erasing import erases, shred_all
from ultrasound_portal.patients.models import Patient


@erases
def shred_names_and_reasons(patient: Patient, _actor: str) -> None:
    """Destroy the keys; the evidence still binds the names by their keyed digests, which tell nothing."""
    of_record, of_grant = {"record__patient": patient}, {"grant__patient": patient}
    shred_all(Signature.objects.filter(**of_record).values_list("name_object_id", flat=True))
    shred_all(Signature.objects.filter(**of_record).values_list("drawing_object_id", flat=True))
    shred_all(Capacity.objects.filter(**of_record).values_list("details_object_id", flat=True))
    shred_all(Recipient.objects.filter(**of_record).values_list("name_object_id", flat=True))
    shred_all(Withdrawal.objects.filter(**of_grant).values_list("reason_object_id", flat=True))
    shred_all(Suspension.objects.filter(**of_grant).values_list("reason_object_id", flat=True))
    shred_all(ConsentDocument.objects.filter(records__patient=patient).values_list("object_id", flat=True).distinct())
