"""Management commands of the patients."""
