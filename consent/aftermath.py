"""What else ends in the transaction that ends a yes: the rooms above name it here, since calls only go down.

Unlike a signal it cannot be missed: what it raises undoes the ending.
"""

from collections.abc import Callable

from consent.models import Grant

Follower = Callable[[Grant, str], None]
"""Takes the locked grant that has just ended and the acting `user:`, `link:` or `system:`."""

_followers: dict[str, Follower] = {}


def follows(follower: Follower) -> Follower:
    """Have a function called whenever a yes ends, in the same transaction."""
    _followers[f"{follower.__module__}.{follower.__qualname__}"] = follower
    return follower


def follow(grant: Grant, actor: str) -> None:
    """Call every follower."""
    for _, follower in sorted(_followers.items()):
        follower(grant, actor)
