"""Whatever state a picture is in, it can be erased, and nothing of it opens afterwards."""

import pytest
from django.db import transaction

from deid.models import Artefact, Instance
from deid.services.destruction import destroy_original, erase_picture
from deid.states import InstanceState
from tests.factories.pictures import make_picture
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", InstanceState)
def test_a_picture_is_erased_from_every_state(state: InstanceState) -> None:
    made = make_picture(state=state)
    ids = [made.original_id, *Artefact.objects.filter(instance=made).values_list("object_id", flat=True)]
    with transaction.atomic():
        erase_picture(made, reason="forgotten", actor="system:test")
    made.refresh_from_db()
    assert (made.state, made.reason) == ("rejected", "forgotten")
    assert not SealedObject.objects.filter(pk__in=ids, destroyed_at=None).exists()
    assert Instance.objects.filter(pk=made.pk).exists()


def test_an_original_that_is_gone_already_is_no_fault() -> None:
    made = make_picture(state=InstanceState.RELEASED)
    SealedObject.objects.filter(pk=made.original_id).delete()
    with transaction.atomic():
        destroy_original(made, actor="system:test")
    assert made.original_destroyed_at is not None
