"""No message tells whom it is for, what it is about or where it comes from: every one in every language is read."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from sharing.messages import FILLS, Text, text_of
from sharing.states import MessageKind

WORDS = Path(settings.BASE_DIR) / "templates" / "sharing" / "messages"
SAMPLES = {"code": "WXYZ-BCDF", "minutes": "3", "address": "https://portal.example/v/#secret", "days": "14"}
GIVES_AWAY = re.compile(
    r"baby|bebé|child|hij[oa]|niñ[oa]|girl|boy|\bsex|sexo|pregnan|embaraz|birth|nacim|matern|mother|madre|mama?\b|fetus|"
    r"foet|feto|congrat|felici|scan|ecograf|ultraso|picture|photo|image|imagen|foto|clinic|clínica|hospital|doctor|"
    r"patient|pacient|consult|appointment|cita\b|result|health|salud|dear|estimad|@",
    re.IGNORECASE,
)
LANGUAGES = sorted({"en", "es", settings.LANGUAGE_CODE, *(code for code, _ in settings.LANGUAGES)} & {"en", "es"})


def sample(kind: MessageKind, language: str) -> Text:
    return text_of(kind, language, {name: SAMPLES[name] for name in FILLS[kind]})


@pytest.mark.requirement("R47")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MessageKind)
def test_no_message_gives_anything_away(kind: MessageKind, language: str) -> None:
    text = sample(kind, language)
    assert not GIVES_AWAY.search(f"{text.subject} {text.body}")
    assert text.subject
    assert "\n" not in text.subject
    assert len(text.body) <= 320  # two text messages at most
    assert not any(value in text.subject for value in SAMPLES.values())


def test_every_template_belongs_to_a_kind_and_uses_no_more_than_its_fills() -> None:
    assert {path.stem for path in WORDS.iterdir()} == {kind.value for kind in MessageKind} == set(FILLS)
    for kind in MessageKind:
        used = set(re.findall(r"\{\{\s*([\w.]+)", (WORDS / f"{kind.value}.txt").read_text()))
        assert used <= FILLS[kind]


@pytest.mark.requirement("R43")
def test_a_code_never_stands_beside_an_address() -> None:
    assert not any({"code", "address"} <= fills for fills in FILLS.values())


def test_other_fills_than_those_of_the_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="is filled with"):
        text_of(MessageKind.CODE, "en", {"code": "WXYZ-BCDF", "minutes": "3", "name": "Anna"})


@pytest.mark.parametrize("planted", ["Your baby's code", "Riverside Clinic", "See your scan", "Tu bebé"])
def test_a_word_that_gives_away_is_seen(planted: str) -> None:
    assert GIVES_AWAY.search(planted)
