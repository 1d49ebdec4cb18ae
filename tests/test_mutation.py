"""The mutation tester changes what it should, one thing at a time."""

from tests.mutation import mutants

SOURCE = """
def judge(a, b):
    if not a or b < 3:
        raise ValueError
    check(b)
    return GateReason.PERMITTED if a is b else find(key=a)
"""


def test_every_small_change_is_made_once() -> None:
    kinds = [kind for _, kind, _ in mutants(SOURCE)]
    assert sorted(kinds) == [
        "Is to IsNot",
        "Lt to GtE",
        "Lt to LtE",
        "always",
        "and or",
        "another reason",
        "branches swapped",
        "never",
        "not called",
        "not taken away",
        "one side only",
        "one side only",
        "raises nothing",
        "returns nothing",
        "without key",
    ]


def test_each_change_stands_alone_and_names_its_line() -> None:
    found = {kind: (line, source) for line, kind, source in mutants(SOURCE)}
    assert found["Lt to LtE"][0] == 3
    assert "b <= 3" in found["Lt to LtE"][1]
    assert "not a or" in found["Lt to LtE"][1]
    assert len({source for _, _, source in mutants(SOURCE)}) == len(list(mutants(SOURCE)))
