"""The states of a job."""

from django.db import models


class JobState(models.TextChoices):
    """QUEUED -> RUNNING -> DONE; a third failure ends in QUARANTINED, from which a person may retry."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    QUARANTINED = "quarantined", "Set aside"
