"""By which way the second secret comes, as staff choose it for a link or an invitation."""

from typing import Any

from django import forms

from sharing.contacts import checked_contact
from sharing.senders.choosing import open_channels
from sharing.states import Channel, SecondSecret


def second_secret_field() -> forms.ChoiceField:
    """Return the choice of what opens the door beside its address; a way without a sender is not offered."""
    return forms.ChoiceField(
        label="What opens it beside the link?", choices=_ways, widget=forms.RadioSelect, required=False
    )


def contact_field() -> forms.CharField:
    """Return the field for where the codes go."""
    return forms.CharField(
        label="Where the codes go",
        max_length=254,
        required=False,
        help_text="An e-mail address, or a number with its country. Send the link itself another way.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def way_of(cleaned: dict[str, Any]) -> SecondSecret:
    """Return what opens the door beside its address; the printed card where nothing is said."""
    return SecondSecret(cleaned.get("second_secret") or SecondSecret.CARD.value)


def check_the_way(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Ask for a contact that fits the way, where codes are sent."""
    way = way_of(cleaned)
    if way is SecondSecret.CARD:
        return
    try:
        cleaned["contact"] = checked_contact(cleaned.get("contact", ""), Channel(way.value))
    except forms.ValidationError as fault:
        form.add_error("contact", fault)


def _ways() -> list[tuple[str, str]]:
    return [
        (way.value, str(way.label)) for way in SecondSecret if way is SecondSecret.CARD or way.value in open_channels()
    ]
