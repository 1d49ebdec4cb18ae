"""Keeps addresses' query strings and bodies out of the log."""

import logging
import re

_QUERY = re.compile(r"\?[^\s\"']*")


class RequestLineFilter(logging.Filter):
    """Drops the request that Django hangs on its records and cuts query strings out of their text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record in place; every record passes."""
        record.__dict__.pop("request", None)
        if record.name.startswith("django"):
            record.msg, record.args = _QUERY.sub("", record.getMessage()), ()
        return True
