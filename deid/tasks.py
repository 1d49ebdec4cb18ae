"""Background work of this app: a key comes in, a service is called."""

from uuid import UUID

from celery import shared_task

from deid.services import processing, renders, retention


@shared_task(name="deid.tasks.process_instance")
def process_instance(pk: str) -> None:
    """Clean the instance of the job with this key; running it twice shows one result."""
    processing.process(UUID(pk))


@shared_task(name="deid.tasks.make_renders")
def make_renders(pk: str) -> None:
    """Make the files for sharing of the picture whose job has this key; running it twice shows one result."""
    renders.process(UUID(pk))


@shared_task(name="deid.tasks.keep_to_the_rules")
def keep_to_the_rules() -> None:
    """Destroy what every clinic's rules say need not be kept any longer."""
    retention.keep_to_the_rules()
