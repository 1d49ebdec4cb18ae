"""What an administrator types about the life of links."""

from typing import Any

from django import forms

from sharing.models.limits import CEILING


class LimitsForm(forms.Form):
    """Days that are proposed, and days that nobody can exceed; a link without an end cannot be chosen."""

    usual_days = forms.IntegerField(
        label="Days that are proposed for a link",
        min_value=1,
        max_value=CEILING,
        help_text="Staff may choose fewer, and more up to the limit below.",
    )
    longest_days = forms.IntegerField(
        label="Days that no link can exceed",
        min_value=1,
        max_value=CEILING,
        help_text=f"At most {CEILING}. A link also never outlives the patient’s yes, and one for a consultation ends "
        "within 30 days. Links that live longer than this now are shortened.",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a proposal beyond the limit."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("usual_days", 0) > cleaned.get("longest_days", CEILING):
            self.add_error("usual_days", "Propose no more days than the limit allows.")
        return cleaned
