"""Formats that differ from what Django has for this locale."""

DATE_FORMAT = "j F Y"
