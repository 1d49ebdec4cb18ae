"""The forms of signing in, of one's own account, of people and of the trail."""

from django import forms

from ultrasound_portal.audit.events import Event, words
from ultrasound_portal.clinics.break_glass import BREAKABLE
from ultrasound_portal.clinics.models import GlassReason
from ultrasound_portal.clinics.roles import DUTIES, RIGHTS, Role


class SignInForm(forms.Form):
    """Address and password."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": "Type your e-mail address."},
    )
    password = forms.CharField(
        label="Password",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Type your password."},
    )

    def ask_password_again(self) -> None:
        """Keep the address and put the cursor where the password goes."""
        del self.fields["email"].widget.attrs["autofocus"]
        self.fields["password"].widget.attrs["autofocus"] = True


class SecondFactorForm(forms.Form):
    """A code of the app, or one of the recovery codes."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Six digits from your code app, or one of your recovery codes.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        ),
        error_messages={"required": "Type the code."},
    )


class CodeAppForm(forms.Form):
    """The first code of an app that is being set up."""

    code = forms.CharField(
        label="Code that the app shows now",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": "Type the code."},
    )


class PasskeyForm(forms.Form):
    """What the browser made, and the name by which its holder knows it."""

    name = forms.CharField(
        label="Name of this passkey",
        max_length=40,
        required=False,
        help_text="For example where it is kept: my telephone, the blue key. May be empty.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(
        max_length=16_384,
        widget=forms.HiddenInput,
        error_messages={"required": "The browser made no passkey. It needs script, and a device that can keep one."},
    )


class RolesForm(forms.Form):
    """What a member is from here on, or what somebody is invited as."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=[(role.value, f"{role.label}: {DUTIES[role]}") for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )


class InviteForm(RolesForm):
    """Whom an administrator invites, and as what."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type the address of the person."},
    )
    field_order = ("email", "roles")


class SecretForm(forms.Form):
    """The secret that a mail brought."""

    secret = forms.CharField(
        label="Code",
        max_length=200,
        help_text="The part of the address in your mail after the # sign.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": "Paste the code from your mail."},
    )


class ForgottenForm(forms.Form):
    """Where the mail for a new password goes."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": "Type the address you sign in with."},
    )


class NewPasswordForm(forms.Form):
    """A password typed twice."""

    password = forms.CharField(
        label="New password",
        max_length=1024,
        strip=False,
        help_text="Twelve characters or more; a few words in a row are good. Nothing that is easy to guess.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password."},
    )
    again = forms.CharField(
        label="The same again",
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Type the password once more."},
    )

    def clean_again(self) -> str:
        """Refuse two passwords that differ."""
        again = str(self.cleaned_data["again"])
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise forms.ValidationError("The two passwords differ. Type both again.")
        return again


class NewAccountForm(NewPasswordForm):
    """The name that colleagues see, and the first password."""

    display_name = forms.CharField(
        label="Your name",
        max_length=120,
        help_text="As colleagues know you. It stands beside what you release and on the audit trail's page.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your name."},
    )
    field_order = ("display_name", "password", "again")


class GlassForm(forms.Form):
    """What somebody opens beyond her roles, and why."""

    right = forms.ChoiceField(label="Open for an hour", choices=[(one.value, RIGHTS[one]) for one in BREAKABLE])
    reason = forms.ChoiceField(label="Because", choices=[("", "Choose a reason"), *GlassReason.choices])


class WorkplaceForm(forms.Form):
    """The clinic that a person turns to."""

    clinic = forms.UUIDField()


class TrailFilter(forms.Form):
    """Which entries an administrator wants to see."""

    event = forms.ChoiceField(
        label="Show",
        required=False,
        choices=[("", "Everything"), *((one.value, words(one)) for one in Event)],
    )
