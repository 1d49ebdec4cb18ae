"""The command says what it did, or what it would do."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from deid.models import Instance
from deid.states import InstanceState
from tests.factories.pictures import make_picture


@pytest.mark.django_db
def test_it_counts_and_then_destroys() -> None:
    made = make_picture(state=InstanceState.RELEASED)
    Instance.objects.filter(pk=made.pk).update(released_at=timezone.now() - timedelta(days=31))
    lines = []
    for arguments in (["--dry-run"], [], []):
        out = io.StringIO()
        call_command("retention", *arguments, stdout=out)
        lines.append(out.getvalue().strip())
    rest = "0 rejected pictures, 0 abandoned pictures"
    assert lines == [f"due: 1 originals, {rest}", f"destroyed: 1 originals, {rest}", f"destroyed: 0 originals, {rest}"]
