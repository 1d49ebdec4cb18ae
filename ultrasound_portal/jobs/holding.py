"""Keeps a lease while its work goes on, and hands the job back when anything goes wrong in it."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType

from django.db import DatabaseError, connection

from ultrasound_portal.jobs import leases, surroundings
from ultrasound_portal.jobs.leases import Lease, LeaseLost

logger = logging.getLogger(__name__)

RENEW_SECONDS = 5.0
RETURN_SECONDS = 1.0

GiveBack = Callable[[Lease, str, bool], None]
"""Takes the lease, the name of the fault's class, and whether the attempt counts; raises LeaseLost."""


class GivingBack:
    """Hands the job back when anything goes wrong inside the block; another worker's lease is left alone."""

    def __init__(self, lease: Lease, give_back: GiveBack, *, seconds: float = RETURN_SECONDS) -> None:
        self._lease = lease
        self._give_back = give_back
        self._seconds = seconds

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if fault is None:
            return False
        if isinstance(fault, LeaseLost):
            return True
        if not self._returned(fault):
            logger.warning("job %s could not be handed back yet", self._lease.job_id)
            threading.Thread(target=self._return_later, args=(fault,), daemon=True).start()
        return False

    def _returned(self, fault: BaseException) -> bool:
        """Hand it back once; a lease that is lost already is as good as returned."""
        try:
            self._give_back(self._lease, type(fault).__name__, not surroundings.is_to_blame(fault))
        except LeaseLost:
            return True
        except DatabaseError:
            connection.close()
            return False
        return True

    def _return_later(self, fault: BaseException) -> None:
        """Try again as long as the lease may stand, so that the job need not wait for its end."""
        deadline = time.monotonic() + leases.LEASE.total_seconds()
        with contextlib.closing(connection):
            while time.monotonic() < deadline:
                time.sleep(self._seconds)
                if self._returned(fault):
                    return


class Renewing:
    """Keeps the lease from a second thread while the work goes on; a lost one is found at publishing."""

    def __init__(self, lease: Lease, *, seconds: float = RENEW_SECONDS) -> None:
        self._lease = lease
        self._seconds = seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _keep(self) -> None:
        with contextlib.closing(connection), contextlib.suppress(LeaseLost):
            while not self._done.wait(self._seconds):
                self._renew()

    def _renew(self) -> None:
        """Renew once; a database that is busy or away is asked again at the next beat, well within the lease."""
        try:
            leases.renew(self._lease)
        except DatabaseError as fault:
            logger.warning("the lease of job %s could not be renewed (%s)", self._lease.job_id, type(fault).__name__)
            connection.close()
