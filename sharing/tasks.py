"""Background work of sharing: a key comes in, a service is called."""

from uuid import UUID

from celery import shared_task

from sharing.services import sending


@shared_task(name="sharing.send_message")
def send_message(pk: str) -> None:
    """Send the message of the job with this key."""
    sending.send(UUID(pk))
