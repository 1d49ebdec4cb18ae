"""By when the law wants to hear of a breach, counted from the moment at which the clinic knew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit in law; `profiles` are the codes of the jurisdictions in which it runs."""

    says: str
    source: str
    within: timedelta
    profiles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock that was started; `left` is negative once it has run out."""

    clock: Clock
    at: datetime
    left: timedelta

    @property
    def hours_left(self) -> int:
        """Whole hours until the limit, 0 once it has run out."""
        return max(0, int(self.left.total_seconds() // 3600))

    @property
    def days_left(self) -> int:
        """Whole days until the limit, 0 once it has run out."""
        return self.hours_left // 24

    @property
    def over(self) -> bool:
        """Whether the limit has passed."""
        return self.left <= timedelta(0)


CLOCKS: tuple[Clock, ...] = (
    Clock(
        "Tell the data protection authority, unless no risk is likely",
        "UK GDPR and GDPR, article 33(1)",
        timedelta(hours=72),
        frozenset({"uk"}),
    ),
    Clock(
        "Finish the assessment whether serious harm is likely",
        "Privacy Act 1988 (Australia), section 26WH(2)",
        timedelta(days=30),
        frozenset({"au"}),
    ),
    Clock(
        "Tell each person concerned, and the Secretary where the law asks for it",
        "45 CFR 164.404(b) and 164.408",
        timedelta(days=60),
        frozenset({"us"}),
    ),
)


def deadlines(known_at: datetime, *, profile: str, at: datetime) -> Sequence[Deadline]:
    """Return what runs in a jurisdiction, the first to end first; all of them where a site wrote its own rules."""
    running = [clock for clock in CLOCKS if profile in clock.profiles] or CLOCKS
    started = [Deadline(clock, known_at + clock.within, known_at + clock.within - at) for clock in running]
    return sorted(started, key=lambda deadline: deadline.at)
