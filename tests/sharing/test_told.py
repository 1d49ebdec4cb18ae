"""Whoever answers from afar hears in her language why nothing was recorded, and what to do."""

import pytest
from django.utils import translation

from consent.errors import RefusalReason
from sharing.told import told_her

WAYS_OUT = ("call the clinic", "look again", "nothing more is needed")


@pytest.mark.parametrize("reason", RefusalReason)
def test_each_reason_has_a_way_out_in_either_language(reason: RefusalReason) -> None:
    with translation.override("en"):
        english = told_her(reason)
        assert any(way in english.lower() for way in WAYS_OUT)
    with translation.override("es"):
        assert told_her(reason) != english


def test_what_can_be_helped_is_told_apart() -> None:
    assert told_her(RefusalReason.AUTHORITY_ENDED) != told_her(RefusalReason.PICTURE_REPLACED)
    assert told_her(RefusalReason.PATIENT_UNABLE) != told_her(RefusalReason.PICTURE_REPLACED)
