"""What the patient says of a link for her family."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.ages import end_of
from sharing.models.link import USUAL
from sharing.services.family_links import Wish


class FamilyForm(forms.Form):
    """For whom, which pictures, until when, and whether with buttons to save.

    `latest` is the last moment that is allowed, `pictures` are those that may go in; all of them are ticked at first.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput)
    nickname = forms.CharField(
        label=_("Who is it for?"),
        max_length=80,
        help_text=_("A short name for your own list, such as “Grandma”. Nobody else sees it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a short name, so that you find this link in your list.")},
    )
    picture = forms.TypedMultipleChoiceField(
        label=_("Which pictures?"), coerce=UUID, error_messages={"required": _("Choose at least one picture.")}
    )
    until = forms.DateField(
        label=_("It works until the end of"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )
    download_allowed = forms.BooleanField(label=_("With buttons to save the pictures"), required=False)

    def __init__(self, data: Any, *, latest: datetime, pictures: Collection[UUID]) -> None:
        self._latest = latest
        last = timezone.localdate(latest)
        usual = min(timezone.localdate(timezone.now() + USUAL), last)
        super().__init__(data, initial={"submission": uuid4(), "until": usual, "picture": list(pictures)})
        self.fields["picture"].choices = [(str(key), str(key)) for key in pictures]  # type: ignore[attr-defined]
        self.fields["until"].help_text = gettext("At most until %(day)s.") % {"day": date_format(last)}

    def clean_until(self) -> date:
        """Refuse a day before today, or after the last one."""
        until: date = self.cleaned_data["until"]
        if not timezone.localdate() <= until <= timezone.localdate(self._latest):
            raise forms.ValidationError(_("Choose a day from today on, and not later than the day named here."))
        return until

    @property
    def ticked(self) -> frozenset[UUID]:
        """The pictures whose boxes are ticked on the page; what is none of them counts for nothing."""
        named = {str(key) for key in self["picture"].value() or ()}
        return frozenset(UUID(key) for key, _ in self.fields["picture"].choices if key in named)  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """Return what she asks for; the link closes at the end of the day, or at the last moment if that is sooner."""
        submission: UUID = self.cleaned_data["submission"]
        return Wish(
            nickname=self.cleaned_data["nickname"],
            not_after=min(end_of(self.cleaned_data["until"]), self._latest),
            download_allowed=self.cleaned_data["download_allowed"],
            submission=submission,
        )
