"""Why a backup was not made or not put back."""


class BackupRefused(Exception):
    """It cannot be done like this; the text is a sentence that says what to do."""
