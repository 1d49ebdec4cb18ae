"""What the clock does at the door."""

import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from deid.ingest.deliveries import LIFE, append, begin
from deid.ingest.upkeep import LEFT_BEHIND, tend_deliveries
from deid.models import Delivery, Instance, Upload
from deid.states import DeliveryState
from tests.factories.clinics import make_staff
from tests.factories.pictures import ultrasound_bytes

pytestmark = pytest.mark.django_db


def delivered(data: bytes, *, idle: timedelta) -> Delivery:
    user = make_staff()
    upload = Upload.objects.create(clinic=user.memberships.get().clinic, by=user)
    delivery = append(begin(upload, len(data) + 1), 0, io.BytesIO(data), length=len(data))
    Delivery.objects.filter(pk=delivery.pk).update(touched_at=timezone.now() - idle)
    return delivery


def test_a_whole_file_that_no_page_asks_for_is_taken_in() -> None:
    delivery = delivered(ultrasound_bytes(), idle=timedelta(0))
    append(delivery, delivery.received, io.BytesIO(b"\0"), length=1)
    tend_deliveries()
    assert not Instance.objects.exists(), "the page may still ask"
    Delivery.objects.update(touched_at=timezone.now() - LEFT_BEHIND - timedelta(seconds=1))
    tend_deliveries()
    assert Instance.objects.count() == 1
    assert Delivery.objects.get().state == DeliveryState.TAKEN


def test_an_open_one_is_dropped_after_its_life() -> None:
    delivery = delivered(b"abc", idle=LIFE + timedelta(seconds=1))
    tend_deliveries()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DROPPED


def test_the_clock_knows_it() -> None:
    assert tend_deliveries.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tend_deliveries.run.__module__ in settings.CELERY_IMPORTS
