"""Keeps what a visitor typed into an address out of the log: query strings, and paths that lead nowhere."""

import logging
import re
from uuid import UUID

_QUERY = re.compile(r"\?[^\s\"']*")
NOWHERE = "an address that leads nowhere"


class RequestLineFilter(logging.Filter):
    """Drops the request that Django hangs on its records, and cuts out of their text what could tell a name."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record in place; every record passes."""
        request = record.__dict__.pop("request", None)
        if record.name.startswith("django"):
            text, path = record.getMessage(), str(getattr(request, "path", ""))
            if path and not _holds_keys_only(request):
                text = text.replace(path, NOWHERE)
            record.msg, record.args = _QUERY.sub("", text), ()
        return True


def _holds_keys_only(request: object) -> bool:
    """Say whether an address is one of the portal's own, with nothing in it but keys of rows."""
    match = getattr(request, "resolver_match", None)
    return match is not None and all(isinstance(value, UUID) for value in match.kwargs.values())
