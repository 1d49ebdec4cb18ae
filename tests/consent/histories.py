"""Random histories of one patient's answers, judged by the gate and by a model small enough to trust."""

import dataclasses
import datetime
import uuid
from typing import ClassVar, TypeAlias
from unittest import mock

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consent.capacity import Claim
from consent.ending import resume, suspend
from consent.errors import ConsentRefused, RefusalReason
from consent.gate import decide
from consent.models import Grant, Purpose
from consent.offers import live_wording
from consent.services import (
    ShownArtefact,
    active_grant,
    add_signature,
    missing_roles,
    record_decision,
    withdraw_consent,
)
from consent.standing import note_death
from consent.states import (
    STANDING,
    Basis,
    GateReason,
    GrantDecision,
    SignerRole,
    SigningMethod,
    SuspensionCause,
    WithdrawalChannel,
)
from consent.upkeep import look_after
from tests.consent.cast import OTHER_SCOPE, SCOPE, a_patient, a_picture
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User

PURPOSES = ("own_copy", "family")
SCOPES = (SCOPE, OTHER_SCOPE)
MATTERS = tuple((purpose, scope) for purpose in PURPOSES for scope in SCOPES)
Matter: TypeAlias = tuple[str, uuid.UUID]
"""What a patient is asked: a purpose within a scope; the same picture may be shown for several."""

POOL = tuple(a_picture(bytes([number])) for number in range(3))
START = datetime.datetime(2026, 1, 1, 9, 0, tzinfo=datetime.UTC)
BORN = datetime.date(2008, 7, 1)
MAJORITY = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
"""The first moment at which this patient, under the default profile, is of age."""

MOVED = {
    Event.CONSENT_GIVEN,
    Event.CONSENT_RESUMED,
    Event.CONSENT_SUSPENDED,
    Event.CONSENT_WITHDRAWN,
    Event.CONSENT_SUPERSEDED,
    Event.CONSENT_EXPIRED,
}

matters = st.sampled_from(MATTERS)
pictures = st.sampled_from(POOL)
some_pictures = st.sets(pictures, min_size=1)


@dataclasses.dataclass
class Told:
    """One answer as the model remembers it: `place` is what it would be if time did not pass."""

    grant: Grant
    matter: Matter
    place: str
    start: datetime.datetime
    end: datetime.datetime
    shown: dict[uuid.UUID, str]
    moves: int = 0

    def holds(self, at: datetime.datetime) -> bool:
        return self.place == "active" and self.start <= at < self.end

    def goes(self, place: str) -> None:
        self.place, self.moves = place, self.moves + 1


class Histories(RuleBasedStateMachine):
    """Gives, refuses, signs, withdraws, suspends, replaces, comes of age, dies, waits, restarts and asks."""

    clinic: Clinic
    by: User
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.now, self.story, self.died = START, list[Told](), False
        self.patient = a_patient(self.clinic, born=BORN.strftime("%Y%m%d"))
        self.purposes = {code: Purpose.objects.get(pk=code) for code in PURPOSES}
        self.wordings = {code: live_wording(code) for code in PURPOSES}
        self.clock = mock.patch("django.utils.timezone.now", self._moment)
        self.clock.start()

    def teardown(self) -> None:
        self.clock.stop()

    def _moment(self) -> datetime.datetime:
        return self.now

    @property
    def minor(self) -> bool:
        return self.now < MAJORITY

    @rule(matter=matters, days=st.integers(1, 400), shown=some_pictures)
    def give(self, matter: Matter, days: int, shown: set[ShownArtefact]) -> None:
        """She decides herself: judged competent while under age, by full age afterwards."""
        own = Claim(basis=Basis.COMPETENT_MINOR, assessor=self.by, reasoning="She understands.")
        self._permit(matter, days, shown, own if self.minor else Claim(), {SignerRole.PATIENT: "Marian Willow"})

    @precondition(lambda self: self.minor)
    @rule(matter=matters, days=st.integers(1, 400), shown=some_pictures, assents=st.booleans())
    def give_by_parent(self, matter: Matter, days: int, shown: set[ShownArtefact], assents: bool) -> None:
        names = {SignerRole.PARENT: "Rowan Elm"} | ({SignerRole.ASSENT: "Marian"} if assents else {})
        self._permit(matter, days, shown, Claim(basis=Basis.MINOR_WITH_PARENT), names)

    @rule(matter=matters, shown=some_pictures)
    def give_for_the_dead(self, matter: Matter, shown: set[ShownArtefact]) -> None:
        claim = Claim(basis=Basis.DECEASED, authority="executor", proof="will", wishes="not known")
        self._permit(matter, 30, shown, claim, {SignerRole.REPRESENTATIVE: "Rowan Elm"})

    @rule(matter=matters, shown=some_pictures)
    def permit_by_staff_alone(self, matter: Matter, shown: set[ShownArtefact]) -> None:
        """Without a name nothing is recorded, and nothing that stood is ended."""
        claim = Claim(basis=Basis.COMPETENT_MINOR, assessor=self.by, reasoning="She understands.")
        reason = self._refused(lambda: self._record(matter, True, self._end(9), shown, claim, {}))
        assert reason is not None

    @rule(matter=matters, shown=st.sets(pictures))
    def refuse(self, matter: Matter, shown: set[ShownArtefact]) -> None:
        grant = self._record(matter, False, self.now, shown, Claim(), {SignerRole.PATIENT: "Marian Willow"})
        self._replace(matter, "pending", *STANDING)
        self.story.append(self._told(grant, matter, "refused", self.now, shown))

    @precondition(lambda self: self.story)
    @rule(data=st.data())
    def sign(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.story))
        role = SignerRole.ASSENT

        def name() -> Grant:
            return add_signature(told.grant, role, "Marian", method=SigningMethod.TYPED, by=self.by)

        if told.place != "pending":
            assert self._refused(name) is RefusalReason.NOT_PENDING
        elif self.now >= told.end:
            assert self._refused(name) is RefusalReason.AUTHORITY_ENDED
        elif self.died:
            assert self._refused(name) is RefusalReason.PATIENT_DIED
        else:
            assert missing_roles(name()) == []
            self._replace(told.matter, *STANDING)
            told.goes("active")

    @precondition(lambda self: self.story)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.story))
        if told.place in {"pending", "active", "suspended"}:
            self._withdraw(told)
            told.goes("withdrawn")
        else:
            expected = "already_withdrawn" if told.place == "withdrawn" else "not_active"
            assert self._refused(lambda: self._withdraw(told)) == expected

    @precondition(lambda self: self.story)
    @rule(data=st.data())
    def suspend(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.story))

        def rest() -> object:
            return suspend(told.grant, SuspensionCause.FAMILY, actor=f"user:{self.by.pk}")

        if told.place == "active":
            rest()
            told.goes("suspended")
        else:
            assert self._refused(rest) is RefusalReason.NOT_ACTIVE

    @precondition(lambda self: self.story)
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.story))
        if told.place != "suspended" or self.now >= told.end:
            assert self._refused(lambda: resume(told.grant, by=self.by)) is RefusalReason.NOT_SUSPENDED
        elif self.died and told.grant.record.capacity.basis != Basis.DECEASED:
            assert self._refused(lambda: resume(told.grant, by=self.by)) is RefusalReason.PATIENT_DIED
        else:
            resume(told.grant, by=self.by)
            told.goes("active")

    @rule(days=st.integers(0, 120), seconds=st.integers(0, 1))
    def wait(self, days: int, seconds: int) -> None:
        self.now += datetime.timedelta(days=days, seconds=seconds)

    @precondition(lambda self: self.minor)
    @rule(early=st.booleans())
    def come_of_age(self, early: bool) -> None:
        """The clock jumps to her birthday, or to the last second before it."""
        self.now = max(self.now, MAJORITY - datetime.timedelta(seconds=int(early)))

    @precondition(lambda self: not self.died and len(self.story) > 5)
    @rule()
    def die(self) -> None:
        note_death(self.patient, by=self.by)
        self.died = True
        for told in self.story:
            if told.place == "active":
                told.goes("suspended")

    @rule()
    def look_after(self) -> None:
        look_after(self.now)
        for told in self.story:
            if told.place in {"pending", "active", "suspended"} and self.now >= told.end:
                told.goes("expired")

    @rule()
    def restart(self) -> None:
        """What a process knows is gone; what is on record is not."""
        connection.close()
        rows = Grant.objects.in_bulk([told.grant.pk for told in self.story])
        for told in self.story:
            told.grant = rows[told.grant.pk]

    @precondition(lambda self: self.story)
    @rule(data=st.data(), purpose=st.sampled_from(PURPOSES), picture=pictures, altered=st.booleans())
    def ask(self, data: st.DataObject, purpose: str, picture: ShownArtefact, altered: bool) -> None:
        told = data.draw(st.sampled_from(self.story))
        at = self.now + datetime.timedelta(days=data.draw(st.sampled_from([0, 0, 0, -400, 400])))
        sha256 = "0" * 64 if altered else picture.sha256
        with transaction.atomic():
            decision = decide(
                grant_id=told.grant.pk,
                purpose_code=purpose,
                artefact_id=picture.artefact_id,
                sha256=sha256,
                at=at,
            )
        covered = told.shown.get(picture.artefact_id) == sha256
        assert decision.permit == (purpose == told.matter[0] and told.holds(at) and covered)
        assert decision.permit == (decision.reason is GateReason.PERMITTED)

    @invariant()
    def the_record_is_what_was_last_said(self) -> None:
        type(self).steps += 1
        rows = {grant.pk: grant.state for grant in Grant.objects.filter(patient=self.patient)}
        assert rows == {told.grant.pk: told.place for told in self.story}
        for matter in MATTERS:
            assert len([one for one in self.story if one.matter == matter and one.place in STANDING]) <= 1
        asked = MATTERS[self.steps % len(MATTERS)]
        holding = [one.grant for one in self.story if one.matter == asked and one.holds(self.now)]
        assert [active_grant(self.patient, *asked)] == (holding or [None])
        entries = Entry.objects.filter(patient_id=self.patient.pk, event__in=MOVED)
        assert entries.count() == sum(told.moves for told in self.story)

    def _permit(
        self, matter: Matter, days: int, shown: set[ShownArtefact], claim: Claim, names: dict[SignerRole, str]
    ) -> None:
        end = self._end(days) if claim.basis in {Basis.ADULT, Basis.DECEASED} else min(self._end(days), MAJORITY)
        if (claim.basis is Basis.DECEASED) != self.died:
            wrong = RefusalReason.PATIENT_DIED if self.died else RefusalReason.PATIENT_LIVES
            assert self._refused(lambda: self._record(matter, True, end, shown, claim, names)) is wrong
            return
        grant = self._record(matter, True, end, shown, claim, names)
        waits = claim.basis is Basis.MINOR_WITH_PARENT and SignerRole.ASSENT not in names
        self._replace(matter, "pending")
        if not waits:
            self._replace(matter, *STANDING)
        told = self._told(grant, matter, "pending", end, shown)
        if not waits:
            told.goes("active")
        self.story.append(told)

    def _replace(self, matter: Matter, *places: str) -> None:
        for told in self.story:
            if told.matter == matter and told.place in places:
                over = told.place in {"active", "suspended"} and self.now >= told.end
                told.goes("expired" if over else "superseded")

    def _told(
        self, grant: Grant, matter: Matter, place: str, end: datetime.datetime, shown: set[ShownArtefact]
    ) -> Told:
        return Told(grant, matter, place, self.now, end, {one.artefact_id: one.sha256 for one in shown})

    def _end(self, days: int) -> datetime.datetime:
        return self.now + datetime.timedelta(days=days)

    def _withdraw(self, told: Told) -> None:
        withdraw_consent(told.grant, actor=f"user:{self.by.pk}", channel=WithdrawalChannel.PHONE)

    def _refused(self, act: object) -> RefusalReason | None:
        """The reason of a refusal, after which the record must be what it was; fails where nothing is refused."""
        assert callable(act)
        try:
            act()
        except ConsentRefused as refused:
            return refused.reason
        raise AssertionError("this should have been refused")

    def _record(
        self,
        matter: Matter,
        yes: bool,
        end: datetime.datetime,
        shown: set[ShownArtefact],
        claim: Claim,
        names: dict[SignerRole, str],
    ) -> Grant:
        purpose, scope = matter
        return record_decision(
            patient=self.patient,
            purpose=self.purposes[purpose],
            scope_id=scope,
            wording=self.wordings[purpose],
            decision=GrantDecision.PERMIT if yes else GrantDecision.DENY,
            shown=sorted(shown, key=lambda picture: picture.sha256),
            signer_name="",
            method=SigningMethod.TYPED,
            permanence_acknowledged=True,
            valid_until=end if yes else None,
            by=self.by,
            claim=claim,
            also=names,
        )
