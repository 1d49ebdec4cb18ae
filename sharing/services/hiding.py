"""A visitor sees a name in a picture: it is hidden for every link and purpose at once, and a person looks at it."""

from uuid import UUID

from django.db import transaction

from consent.models import Grant
from deid.services.doubts import hold_for_name
from sharing.models import Link


@transaction.atomic
def hide(link: Link, picture_id: UUID) -> bool:
    """Hide a picture that the link gives; false where it is hidden already or not the link's to give.

    Every answer of the study is locked first, as a withdrawal does, so that a byte under way is through or sees it.
    """
    list(Grant.objects.select_for_update().filter(scope_id=link.study_id).order_by("pk").values_list("pk"))
    if not link.images.filter(picture_id=picture_id).exists():
        return False
    return hold_for_name(picture_id, actor=f"link:{link.pk}")
