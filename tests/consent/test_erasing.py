"""The names under decisions and the reasons of withdrawals go with the patient; the evidence stays bound."""

import pytest
from django.db import transaction

from consent.documents import keep, read
from consent.ending import suspend
from consent.evidence import is_whole
from consent.models import Grant, Signature, Withdrawal
from consent.sealed import UNREADABLE, details_of, is_bound, name_of, reason_of, recipient_of
from consent.services import NamedRecipient, add_signature, withdraw_consent
from consent.states import SignerRole, SigningMethod, SuspensionCause, WithdrawalChannel
from tests.consent.cast import a_clinic, a_member, a_month, a_patient, a_pending
from tests.factories.sharing import make_scene
from ultrasound_portal.patients.services import forget
from ultrasound_portal.vault.errors import Destroyed


@pytest.mark.django_db
def test_names_and_reasons_cannot_be_read_any_more() -> None:
    scene = make_scene()
    withdraw_consent(
        scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE, reason="my sister asked"
    )
    forget(scene.patient, actor="system:test")
    signature = Signature.objects.get(record=scene.grant.record)
    assert (name_of(signature), is_bound(signature)) == (UNREADABLE, True)
    assert reason_of(Withdrawal.objects.get(grant=scene.grant)) == UNREADABLE


@pytest.mark.django_db
def test_what_was_said_of_a_right_and_the_copy_go_too() -> None:
    clinic = a_clinic()
    by = a_member(clinic)
    patient = a_patient(clinic)
    named = NamedRecipient("Dr Linden", "known")
    grant = a_pending(patient, by, purpose="consult", recipient=named, **a_month())
    add_signature(grant, SignerRole.ASSENT, "Marian", method=SigningMethod.TYPED, by=by)
    rest = suspend(grant, SuspensionCause.FAMILY, actor=f"user:{by.pk}", reason="Her sister Philippa rang")
    with transaction.atomic():
        document = keep(b"%PDF", [grant], scope_id=grant.scope_id, actor=f"user:{by.pk}")
    forget(patient, actor="system:test")
    found = Grant.objects.get(pk=grant.pk)
    assert details_of(found.record.capacity) == {}
    assert (recipient_of(found.record.recipient), reason_of(rest)) == (UNREADABLE, UNREADABLE)
    assert is_whole(found)
    with pytest.raises(Destroyed):
        read(document, actor=f"user:{by.pk}")
