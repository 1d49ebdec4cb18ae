"""The default policy adds no covers and bounds the work."""

from deid.engine.policy import Policy


def test_default_policy_is_bounded() -> None:
    policy = Policy()

    assert policy.extra_boxes == ()
    assert policy.max_pixels > 0
    assert policy.ocr_seconds > 0
