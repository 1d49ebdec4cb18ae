"""The list of events is closed and its stored words are unique."""

from ultrasound_portal.audit.events import Event, words


def test_stored_words_are_the_names_in_small_letters() -> None:
    assert all(event.value == event.name.lower() and len(event.value) <= 40 for event in Event)


def test_a_person_reads_words() -> None:
    assert words(Event.PICTURE_SERVED) == "Picture served"
