"""What was published or read stays, and the tables see to it."""

import pytest
from django.db import Error, transaction

from tests.factories.clinics import make_clinic, make_staff
from ultrasound_portal.handbook.models import Chapter, Edition, Reading
from ultrasound_portal.handbook.services import note_reading, publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_nothing_is_rewritten_or_removed() -> None:
    clinic = make_clinic()
    by = make_staff(clinic)
    edition = publish(clinic, Chapter.CONSENT, "Ask first.", by=by)
    note_reading(edition, by=by)
    changes = (
        lambda: Edition.objects.update(text="Ask later."),
        lambda: Edition.objects.all().delete(),
        lambda: Reading.objects.update(user=make_staff(clinic)),
        lambda: Reading.objects.all().delete(),
        lambda: Edition.objects.create(
            clinic=clinic,
            chapter=Chapter.CONSENT,
            version=1,
            text="Twice.",
            published_at=edition.published_at,
            published_by=by,
        ),
    )
    for change in changes:
        with pytest.raises(Error), transaction.atomic():
            change()
    assert str(edition) == "consent 1"
