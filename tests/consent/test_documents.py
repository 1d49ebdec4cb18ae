"""A copy is kept as it was made; reading it is on the trail, and another in its place is seen."""

import pytest
from django.db import IntegrityError, connection, transaction

from consent.documents import keep, read
from consent.models import ConsentDocument
from tests.consent.cast import SCOPE, decide_as
from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.errors import Tampered

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def document(patient: Patient, clinician: User) -> ConsentDocument:
    with transaction.atomic():
        return keep(b"%PDF-1.7 copy", [decide_as(patient, clinician)], scope_id=SCOPE, actor=f"user:{clinician.pk}")


@pytest.mark.requirement("R15")
def test_it_comes_back_as_it_was_made_and_the_trail_knows(document: ConsentDocument, clinician: User) -> None:
    assert Entry.objects.latest("seq").detail == {"sha256": document.sha256}
    assert read(document, actor=f"user:{clinician.pk}") == b"%PDF-1.7 copy"
    entry = Entry.objects.latest("seq")
    assert (entry.event, entry.object_id) == (Event.CONSENT_COPY_READ, document.pk)
    assert document.sha256[:8] in str(document)


def test_another_in_its_place_is_seen(document: ConsentDocument, clinician: User) -> None:
    connection.check_constraints()
    with without_triggers():
        ConsentDocument.objects.update(sha256="0" * 64)
        connection.check_constraints()
    changed = ConsentDocument.objects.get()
    with pytest.raises(Tampered):
        read(changed, actor=f"user:{clinician.pk}")


def test_it_neither_changes_nor_goes(document: ConsentDocument) -> None:
    for act in (
        lambda: ConsentDocument.objects.update(sha256="0" * 64),
        lambda: ConsentDocument.objects.all()._raw_delete("default"),
        lambda: document.records.clear(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
