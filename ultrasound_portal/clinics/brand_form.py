"""The form of the brand kit."""

from django import forms

from ultrasound_portal.clinics.looks import HEIGHTS, USUAL, Look


class BrandForm(forms.Form):
    """The next version of the strip; the service checks lengths, contrast and the logo once more."""

    name = forms.CharField(label="Name on the strip", max_length=60)
    line = forms.CharField(
        label="Second line",
        max_length=80,
        required=False,
        help_text="For example a web address. May be empty.",
    )
    background = forms.CharField(
        label="Background colour", max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    ink = forms.CharField(label="Text colour", max_length=7, widget=forms.TextInput(attrs={"type": "color"}))
    web = forms.CharField(
        label="Web address", max_length=80, required=False, help_text="For example hillside.example. May be empty."
    )
    handle = forms.CharField(
        label="Handle in social networks", max_length=40, required=False, help_text="With @. May be empty."
    )
    qr = forms.BooleanField(label="Draw the web address as a QR code as well, where there is room", required=False)
    place = forms.ChoiceField(
        label="Place of the strip", choices=[("top", "At the top"), ("bottom", "At the bottom")], required=False
    )
    height = forms.TypedChoiceField(
        label="Height", coerce=int, choices=list(HEIGHTS.items()), required=False, empty_value=str(USUAL.height)
    )
    logo = forms.FileField(
        label="New logo, for your colour",
        required=False,
        help_text="PNG or JPEG, at most 2 MB. Leave empty to keep the present one.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    paper_logo = forms.FileField(
        label="New logo, for white paper",
        required=False,
        help_text="A dark one, if the other is light. Without it the other is printed.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )

    def look(self) -> Look:
        """Return what was asked for beside name, line and colours."""
        values = self.cleaned_data
        paper = values.get("paper_logo")
        return Look(
            web=values["web"],
            handle=values["handle"],
            qr=values["qr"],
            top=values["place"] != "bottom",
            height=int(values["height"]),
            paper_logo=paper.read() if paper else None,
        )
