"""The use cases of sharing: a sitting about consent, links made and revoked, a consent taken back."""
