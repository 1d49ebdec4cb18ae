"""What lies before somebody who came in by an invitation: pictures, questions, answers that stand, and their form."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from consent.capacity import judge
from consent.models import Grant, Wording
from consent.states import GrantState, Place
from sharing import invited, remote_sitting
from sharing.albums import Picture
from sharing.briefs import Brief, brief_of
from sharing.keeping import shown_of
from sharing.models import Invitation
from sharing.remote_form import RemoteForm, SigningForm
from sharing.remote_sitting import Table
from sharing.services.invitations import questions
from sharing.services.receipts import offers_mail
from sharing.services.sitting import Answer, digest_of, on_record, standing


@dataclass(frozen=True, slots=True)
class Deciding:
    """The sitting of who decides."""

    invitation: Invitation
    pictures: list[Picture]
    brief: Brief
    wordings: list[Wording]
    standing: list[Grant]

    def form(self, data: QueryDict | None = None) -> RemoteForm:
        """Return the cards, bound to the answers if there are any."""
        shown, now = shown_of(self.pictures), timezone.now()
        present = [grant for grant in self.standing if grant.state_at(now) != GrantState.EXPIRED]
        return RemoteForm(
            data,
            wordings=self.wordings,
            present={grant.purpose_id: on_record(grant, shown) for grant in reversed(present)},
            shown=digest_of(shown, self.wordings, self.standing),
            named=self.brief.recipients,
            mails=offers_mail(self.invitation.patient_id),
        )

    def answers(self, form: RemoteForm) -> list[Answer]:
        """Return the answers, with each yes cut to the right of who gives it; a no needs no right."""
        if not form.permits():
            return form.answers()
        right = judge(self.brief.claim, self.invitation.patient, timezone.now(), Place.ELSEWHERE)
        return form.answers(right.ends_at)

    def record(self, form: RemoteForm) -> None:
        """Record the answers with their copy."""
        table = _table(self.pictures, self.standing)
        remote_sitting.decide(self.invitation, self.answers(form), table=table, signed=form.signed())


@dataclass(frozen=True, slots=True)
class Signing:
    """The sitting of who signs beside the one that decided."""

    invitation: Invitation
    pictures: list[Picture]
    waiting: list[Grant]
    standing: list[Grant]

    def form(self, data: QueryDict | None = None) -> SigningForm:
        """Return one question for each yes that waits, bound to the answers if there are any."""
        wordings = [grant.wording for grant in self.waiting]
        shown = digest_of(shown_of(self.pictures), wordings, self.standing)
        return SigningForm(data, waiting=self.waiting, shown=shown, mails=offers_mail(self.invitation.patient_id))

    def answers(self, form: RemoteForm) -> list[Answer]:
        """Return the answers."""
        return form.answers()

    def record(self, form: RemoteForm) -> None:
        """Put the name under every yes, or record the no, with a copy."""
        table = _table(self.pictures, self.standing)
        remote_sitting.sign(self.invitation, self.answers(form), table=table, signed=form.signed())


def sitting_of(invitation: Invitation) -> Deciding | Signing:
    """Return what lies before who came in; raises VaultError where what staff told was destroyed."""
    shown, present = invited.pictures(invitation), standing(invitation.study)
    if invitation.cosigns:
        return Signing(invitation, shown, remote_sitting.waiting_for(invitation), present)
    return Deciding(invitation, shown, brief_of(invitation), questions(invitation), present)


def _table(pictures: list[Picture], present: list[Grant]) -> Table:
    return Table(shown_of(pictures), [grant.pk for grant in present])
