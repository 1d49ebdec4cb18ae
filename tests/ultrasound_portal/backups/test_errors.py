"""A refusal is a sentence."""

from ultrasound_portal.backups.errors import BackupRefused


def test_it_says_what_to_do() -> None:
    assert str(BackupRefused("Take another one.")) == "Take another one."
