"""What the clock does at the door: finishes what a closed page left behind, and ends what nobody goes on with."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from deid.ingest import deliveries
from deid.ingest.upload import carry_on
from deid.models import Delivery
from deid.states import DeliveryState

LEFT_BEHIND = timedelta(seconds=60)
SECONDS = 20.0


@shared_task(name="deid.ingest.tend_deliveries")
def tend_deliveries() -> None:
    """Take in whole deliveries that no page asks for any more, and drop those that stopped coming a day ago."""
    deliveries.drop_forgotten()
    whole = Delivery.objects.filter(state=DeliveryState.WHOLE, touched_at__lt=timezone.now() - LEFT_BEHIND)
    for delivery in whole.select_related("upload__clinic").order_by("touched_at")[:10]:
        carry_on(delivery, seconds=SECONDS)
