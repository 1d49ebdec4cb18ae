"""A message broker that is a folder: no server is needed, and a message is there whole or not at all.

kombu's own folder transport creates a message under its final name and then writes it, so a reader can find
it empty; it also parks what is being read in the system's temporary folder. Both are avoided here.
"""

import os
import time
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

MESSAGES, TAKEN, CONTROL = "messages", "taken", "control"
SUFFIX = ".msg"


class Channel(filesystem.Channel):
    """Messages are files `<time>_<id>.<queue>.msg`; a rename takes one, so only one reader can."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: kombu hands its own arguments through
        super().__init__(*args, **kwargs)
        for folder in (MESSAGES, TAKEN, CONTROL):
            (self._folder / folder).mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def _folder(self) -> Path:
        return Path(self.transport_options["folder"])

    @property
    def control_folder(self) -> Path:
        """Where kombu keeps which queue listens to which exchange."""
        return self._folder / CONTROL

    @property
    def data_folder_in(self) -> str:
        """Where kombu counts and purges messages."""
        return str(self._folder / MESSAGES)

    # Any: kombu's message; its two base classes name the argument differently
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020}_{uuid4().hex}.{queue}{SUFFIX}"
        draft = self._folder / TAKEN / name
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.rename(self._folder / MESSAGES / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - Any: kombu's message
        for name in sorted(os.listdir(self._folder / MESSAGES)):
            if name.partition(".")[2] != f"{queue}{SUFFIX}":
                continue
            mine = self._folder / TAKEN / name
            try:
                (self._folder / MESSAGES / name).rename(mine)
            except FileNotFoundError:
                continue  # another worker was quicker
            message = loads(mine.read_text(encoding="utf-8"))
            mine.unlink()
            return message
        raise Empty


class Transport(filesystem.Transport):
    """The folder transport for Celery's `broker_transport`; the option `folder` says where."""

    Channel = Channel
