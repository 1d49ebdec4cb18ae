"""A failure tells whether to try again and nothing else."""

from sharing.senders.sender import NotSent


def test_a_failure_holds_no_word_of_the_message() -> None:
    assert (str(NotSent(final=True)), str(NotSent(final=False))) == ("final", "for now")
