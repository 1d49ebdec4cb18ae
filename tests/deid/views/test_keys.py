"""Only what is a key is taken for one."""

from uuid import uuid4

from deid.views.keys import key_of, keys_of


def test_a_key_is_read_and_anything_else_is_none() -> None:
    key = uuid4()
    assert key_of(str(key)) == key
    assert key_of("x' or 1=1") is None
    assert keys_of(["", str(key), "7"]) == [key]
