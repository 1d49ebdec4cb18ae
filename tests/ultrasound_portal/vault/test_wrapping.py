"""Keys do not show in what is printed of them."""

from ultrasound_portal.vault.local_keys import LocalKeys
from ultrasound_portal.vault.transit import TransitKeys
from ultrasound_portal.vault.wrapping import Bare, Wrapped, Wrapper


def test_keys_are_not_shown() -> None:
    assert "secret" not in repr(Bare(b"secret", b"context"))
    assert "secret" not in repr(Wrapped("id", b"secret", b"context"))


def test_every_source_of_keys_can_do_the_same() -> None:
    acts = {name for name in vars(Wrapper) if not name.startswith("_")}
    assert acts == {"current_id", "ids", "wrap_all", "unwrap_all", "rotate", "retire"}
    assert acts <= set(dir(LocalKeys)) & set(dir(TransitKeys))
