"""News from clinics to the floors above, sent after the commit; no safety hangs on it."""

from django.dispatch import Signal

brand_published = Signal()
"""Sent with `sender=BrandKit` and `clinic_id: UUID` when a clinic has a new version of its brand."""
