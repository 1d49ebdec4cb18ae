"""The actors of the trail have names for a page."""

from uuid import uuid4

import pytest

from tests.factories.clinics import make_user
from ultrasound_portal.clinics.actors import namer


@pytest.mark.django_db
def test_staff_by_name_and_others_by_their_way_in(django_assert_num_queries: object) -> None:
    ada, gone = f"user:{make_user('Ada Marsh').pk}", f"user:{uuid4()}"
    with django_assert_num_queries(1):  # type: ignore[operator]
        name = namer([ada, gone, f"link:{uuid4()}"])
        assert [name(actor) for actor in (ada, gone, f"link:{uuid4()}", f"invitation:{uuid4()}", "system:beat")] == [
            "Ada Marsh",
            "A former member of staff",
            "Somebody with a link",
            "Somebody who was invited",
            "The portal",
        ]
