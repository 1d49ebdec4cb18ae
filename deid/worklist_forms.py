"""The filters of the worklist, and the search for a patient, whose words never stand in an address."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import QueryDict

from deid.services.worklists import HELD_BACK, Wanted
from deid.states import InstanceState

SINCE = (("", "Any day"), ("1", "Today"), ("7", "The last 7 days"), ("30", "The last 30 days"))
SHOW = (("", "All studies"), *((state.value, state.label) for state in InstanceState), (HELD_BACK, "Held back"))
KEPT = ("show", "since", "machine", "who")
"""What a saved view keeps: a day passes, and a patient is nobody's business."""
Choices = list[tuple[str, str]]


class FilterForm(forms.Form):
    """Which studies are shown; what is not understood is no condition."""

    show = forms.ChoiceField(choices=SHOW, required=False, label="With pictures that are")
    since = forms.ChoiceField(choices=SINCE, required=False, label="Received")
    day = forms.DateField(required=False, label="On the day", widget=forms.DateInput(attrs={"type": "date"}))
    machine = forms.ChoiceField(required=False, label="Machine")
    who = forms.ChoiceField(required=False, label="Approved by")

    def __init__(self, *args: Any, machines: Choices, people: Choices, **kwargs: Any) -> None:  # Any: as Django's
        super().__init__(*args, **kwargs)
        self._machines, self._people = machines, people
        self._labels = {"show": SHOW, "since": SINCE, "machine": (("", "Any machine"), *machines)}
        self._labels["who"] = (("", "Anybody"), *people)
        for name in ("machine", "who"):
            self.fields[name] = forms.ChoiceField(
                choices=self._labels[name], required=False, label=self.fields[name].label
            )

    def like(self, data: QueryDict) -> "FilterForm":
        """Return the same form with other choices made."""
        return FilterForm(data, machines=self._machines, people=self._people)

    def wanted(self, patients: tuple[UUID, ...], *, searched: bool) -> Wanted:
        """Return the conditions, with the patients that a search found."""
        self.is_valid()
        said = self.cleaned_data
        return Wanted(
            show=said.get("show", ""),
            since=int(said["since"]) if said.get("since") else None,
            day=said.get("day"),
            machine=UUID(said["machine"]) if said.get("machine") else None,
            who=UUID(said["who"]) if said.get("who") else None,
            patients=patients,
            searched=searched,
        )

    def query(self) -> str:
        """Return what a saved view keeps, as it stands in an address; empty where nothing is chosen."""
        self.is_valid()
        return urlencode([(name, self.cleaned_data[name]) for name in KEPT if self.cleaned_data.get(name)])

    def words(self) -> str:
        """Return the same as a person reads it."""
        self.is_valid()
        chosen = [(name, self.cleaned_data.get(name)) for name in KEPT]
        return ", ".join(dict(self._labels[name])[value] for name, value in chosen if value)


class SearchForm(forms.Form):
    """Whom to look for."""

    text = forms.CharField(
        max_length=120,
        label="Find a patient",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "type": "search"}),
        help_text="A name, a record number or a birth date.",
    )
