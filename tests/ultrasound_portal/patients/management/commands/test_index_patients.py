"""The command that lets older patients be found."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories.patients import make_patient
from ultrasound_portal.patients.models import SearchTerm


@pytest.mark.django_db
def test_it_says_how_many_can_be_found() -> None:
    make_patient()
    SearchTerm.objects.all().delete()
    out = StringIO()
    call_command("index_patients", stdout=out)
    assert out.getvalue() == "1 patients can be found now.\n"
    assert SearchTerm.objects.exists()
