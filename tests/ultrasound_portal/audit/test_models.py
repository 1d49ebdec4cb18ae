"""The trail's rows are named without anything about anybody."""

import pytest
from django.db import IntegrityError

from ultrasound_portal.audit.models import Entry, Head


def test_names() -> None:
    assert str(Entry(seq=3, event="audit_read")) == "3 audit_read"
    assert str(Head(seq=3)) == "head at 3"


@pytest.mark.django_db
def test_there_is_one_head_only() -> None:
    with pytest.raises(IntegrityError):
        Head.objects.create(id=2, seq=0, leaf_hash="")
