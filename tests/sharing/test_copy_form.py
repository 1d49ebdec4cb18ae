"""The address for a copy: one that can be written to, and not again and again."""

import pytest
from django.utils import translation
from pytest_django import Settings

from consent.models import ConsentDocument
from sharing.copy_form import CopyForm
from sharing.services.receipts import PER_DAY
from tests.factories.sharing import Scene, make_copy_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(scene: Scene, settings: Settings) -> ConsentDocument:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender"}
    return make_copy_of(scene)


@pytest.mark.parametrize("typed", ["", "   ", "rowan", "rowan@", "a@example.net\nBcc: b@example.net", "a" * 255])
def test_what_is_no_address_is_refused_with_what_to_do(typed: str) -> None:
    form = CopyForm({"copy_to": typed})
    assert not form.is_valid()
    assert form.errors["copy_to"]


def test_the_refusal_comes_in_her_language() -> None:
    with translation.override("es"):
        assert "dirección" in str(CopyForm({"copy_to": "rowan"}).errors)


def test_a_copy_goes_out_a_few_times_a_day_and_then_says_so(document: ConsentDocument) -> None:
    for _ in range(PER_DAY):
        form = CopyForm({"copy_to": "rowan@example.net"})
        assert form.is_valid()
        assert form.sends(document, actor="system:test")
    form = CopyForm({"copy_to": "rowan@example.net"})
    assert form.is_valid()
    assert not form.sends(document, actor="system:test")
    assert "tomorrow" in str(form.errors)
