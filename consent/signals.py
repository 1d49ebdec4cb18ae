"""News about consent, sent after the commit with `sender=Grant` and `grant_id: UUID`; bookkeeping only."""

from django.dispatch import Signal

consent_given = Signal()
consent_withdrawn = Signal()
