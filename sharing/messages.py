"""The words of messages: discreet by construction, since a template gets a code or an address and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from sharing.states import MessageKind

FILLS: dict[MessageKind, frozenset[str]] = {
    MessageKind.CODE: frozenset({"code", "minutes"}),
    MessageKind.COPY: frozenset(),
    MessageKind.FIRST_OPENING: frozenset(),
}
"""What each kind of message tells beside its fixed words; no clinic, no name and no picture can come in."""


@dataclass(frozen=True, slots=True)
class Text:
    """A message as people read it; a text message is its `body` alone, and a `pdf` may go with an e-mail."""

    subject: str
    body: str
    pdf: bytes = b""


def text_of(kind: MessageKind, language: str, fills: Mapping[str, str]) -> Text:
    """Return the words of a message in a language; raises ValueError for other fills than its kind has."""
    if set(fills) != FILLS[kind]:
        raise ValueError(f"a message of the kind {kind.value} is filled with {sorted(FILLS[kind])}")
    with translation.override(language):
        words = render_to_string(f"sharing/messages/{kind.value}.txt", dict(fills))
    subject, _, body = words.strip().partition("\n")
    return Text(subject=subject.strip(), body=body.strip())
