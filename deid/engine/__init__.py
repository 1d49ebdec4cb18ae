"""The de-identification engine: bytes in, an Outcome out; it knows no Django, no database and no queue."""
