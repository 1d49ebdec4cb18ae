"""News from jobs to the floors above; no safety hangs on it."""

from django.dispatch import Signal

job_quarantined = Signal()
"""Sent inside the transaction with `kind` (str) and `object_id` (UUID) when a job was set aside for good."""
