"""A message broker that is a folder: no server is needed, and a message is there whole or not at all.

kombu's own folder transport writes messages and routing tables in place, so a reader can find them half written, and
parks what is being read in the system's temporary folder. Here a rename gives and a rename takes, and there are no
tables: the routing key is the queue's name, which is all that the portal's two queues need.
"""

import os
import time
from pathlib import Path
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

MESSAGES, TAKEN = "messages", "taken"
SUFFIX = ".msg"


class Channel(filesystem.Channel):
    """Messages are files `<time>_<id>.<queue>.msg`; a rename takes one, so only one reader can."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: kombu hands its own arguments through
        super().__init__(*args, **kwargs)
        for folder in (self._messages.parent, self._messages, self._taken):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def data_folder_in(self) -> str:
        """Where kombu counts and purges messages."""
        return str(self._messages)

    @property
    def _messages(self) -> Path:
        return Path(self.transport_options["folder"]) / MESSAGES

    @property
    def _taken(self) -> Path:
        return Path(self.transport_options["folder"]) / TAKEN

    def _queue_bind(self, *_: Any) -> None:
        """Keep no table."""

    def _lookup(self, exchange: str, routing_key: str, default: str | None = None) -> list[str]:  # noqa: ARG002
        return [routing_key]

    # Any: kombu's message; its two base classes name the argument differently
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020}_{uuid4().hex}.{queue}{SUFFIX}"
        draft = self._taken / name
        try:
            draft.write_text(dumps(payload), encoding="utf-8")
            draft.rename(self._messages / name)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - Any: kombu's message
        for name in sorted(os.listdir(self._messages)):
            if name.partition(".")[2] != f"{queue}{SUFFIX}":
                continue
            mine = self._taken / name
            try:
                (self._messages / name).rename(mine)
            except FileNotFoundError:
                continue  # another worker was quicker
            try:
                return loads(mine.read_text(encoding="utf-8"))
            except ValueError:
                continue  # emptied by a power cut; the sweeper tells again
            finally:
                mine.unlink()
        raise Empty


class Transport(filesystem.Transport):
    """The folder transport for Celery's `broker_transport`; the option `folder` says where."""

    Channel = Channel
