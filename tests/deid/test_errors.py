"""Every refusal of a review has a sentence."""

from deid.errors import EXPLANATIONS, ReviewRefusal, ReviewRefused


def test_every_refusal_is_explained() -> None:
    assert set(EXPLANATIONS) == set(ReviewRefusal)
    assert all(sentence.endswith(".") for sentence in EXPLANATIONS.values())


def test_a_refusal_carries_its_reason_only() -> None:
    refused = ReviewRefused(ReviewRefusal.NEVER)
    assert refused.reason is ReviewRefusal.NEVER
    assert str(refused) == "never"
