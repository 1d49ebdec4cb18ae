"""Random histories of one patient's answers, judged by the gate and by a model small enough to trust."""

import dataclasses
import datetime
import uuid
from typing import TypeAlias
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consent import services
from consent.errors import ConsentRefused
from consent.gate import decide
from consent.models import Grant, Purpose
from consent.offers import live_wording
from consent.services import ShownArtefact, active_grant, record_decision, withdraw_consent
from consent.states import STANDING, GateReason, GrantDecision, SigningMethod, WithdrawalChannel
from tests.consent.cast import OTHER_SCOPE, SCOPE, a_picture
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

PURPOSES = ("own_copy", "family", "social_media")
SCOPES = (SCOPE, OTHER_SCOPE)
MATTERS = tuple((purpose, scope) for purpose in PURPOSES for scope in SCOPES)
Matter: TypeAlias = tuple[str, uuid.UUID]
"""What a patient is asked: a purpose within a scope; the same picture may be shown for several."""

POOL = tuple(a_picture(bytes([number])) for number in range(4))

purposes = st.sampled_from(PURPOSES)
matters = st.sampled_from(MATTERS)
pictures = st.sampled_from(POOL)


@dataclasses.dataclass
class Told:
    """One answer as the model remembers it."""

    grant: Grant
    matter: Matter
    yes: bool
    start: datetime.datetime
    end: datetime.datetime
    shown: dict[uuid.UUID, str]
    withdrawn: bool = False

    def holds(self, at: datetime.datetime) -> bool:
        return self.yes and not self.withdrawn and self.start <= at < self.end


class Histories(RuleBasedStateMachine):
    """Gives, refuses, withdraws, replaces, waits and asks; `patient` and `by` are set by the test."""

    patient: Patient
    by: User

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime.datetime(2026, 1, 1, 9, 0, tzinfo=datetime.UTC)
        self.story: list[Told] = []
        self.clock = mock.patch.object(services, "_now", self._moment)
        self.clock.start()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        self.clock.stop()

    def _moment(self) -> datetime.datetime:
        return self.now

    @rule(matter=matters, days=st.integers(1, 1826), shown=st.sets(pictures, min_size=1))
    def give(self, matter: Matter, days: int, shown: set[ShownArtefact]) -> None:
        self._answer(matter, True, self.now + datetime.timedelta(days=days), shown)

    @rule(matter=matters, shown=st.sets(pictures))
    def refuse(self, matter: Matter, shown: set[ShownArtefact]) -> None:
        self._answer(matter, False, self.now, shown)

    @rule(matter=matters, shown=st.sets(pictures, min_size=1))
    def permit_by_staff_alone(self, matter: Matter, shown: set[ShownArtefact]) -> None:
        """Without the patient's signature nothing is recorded, and nothing that stood is ended."""
        end = self.now + datetime.timedelta(days=9)
        with pytest.raises(ConsentRefused, match="name_missing"):
            self._answer(matter, True, end, shown, signer="")

    @precondition(lambda self: self.story)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.story))
        if told.yes and not told.withdrawn and told is self._latest(told.matter):
            self._withdraw(told)
            told.withdrawn = True
        else:
            with pytest.raises(ConsentRefused, match="already_withdrawn" if told.withdrawn else "not_active"):
                self._withdraw(told)

    @rule(days=st.integers(0, 900), seconds=st.integers(0, 1))
    def wait(self, days: int, seconds: int) -> None:
        self.now += datetime.timedelta(days=days, seconds=seconds)

    @precondition(lambda self: self.story)
    @rule(data=st.data(), purpose=purposes, picture=pictures, altered=st.booleans())
    def ask(self, data: st.DataObject, purpose: str, picture: ShownArtefact, altered: bool) -> None:
        told = data.draw(st.sampled_from(self.story))
        at = self.now + datetime.timedelta(days=data.draw(st.sampled_from([0, 0, 0, -400, 400])))
        sha256 = "0" * 64 if altered else picture.sha256
        decision = decide(
            grant_id=told.grant.pk,
            purpose_code=purpose,
            artefact_id=picture.artefact_id,
            sha256=sha256,
            at=at,
        )
        latest = told is self._latest(told.matter)
        covered = told.shown.get(picture.artefact_id) == sha256
        assert decision.permit == (purpose == told.matter[0] and latest and told.holds(at) and covered)
        assert decision.permit == (decision.reason is GateReason.PERMITTED)

    @invariant()
    def what_holds_now_is_what_the_patient_last_said(self) -> None:
        for matter in MATTERS:
            purpose, scope = matter
            latest = self._latest(matter)
            holding = latest.grant if latest and latest.holds(self.now) else None
            assert active_grant(self.patient, purpose, scope) == holding
            standing = Grant.objects.filter(patient=self.patient, purpose=purpose, scope_id=scope, state__in=STANDING)
            assert standing.count() <= 1
            if latest and not latest.yes:
                assert standing.get() == latest.grant

    def _withdraw(self, told: Told) -> None:
        withdraw_consent(told.grant, actor=f"user:{self.by.pk}", channel=WithdrawalChannel.PHONE)

    def _latest(self, matter: Matter) -> Told | None:
        return next((told for told in reversed(self.story) if told.matter == matter), None)

    def _answer(
        self,
        matter: Matter,
        yes: bool,
        end: datetime.datetime,
        shown: set[ShownArtefact],
        signer: str = "Marian Willow",
    ) -> None:
        purpose, scope = matter
        grant = record_decision(
            patient=self.patient,
            purpose=Purpose.objects.get(pk=purpose),
            scope_id=scope,
            wording=live_wording(purpose),
            decision=GrantDecision.PERMIT if yes else GrantDecision.DENY,
            shown=sorted(shown, key=lambda picture: picture.sha256),
            signer_name=signer,
            method=SigningMethod.TYPED,
            permanence_acknowledged=True,
            valid_until=end if yes else None,
            by=self.by,
        )
        seen = {picture.artefact_id: picture.sha256 for picture in shown}
        self.story.append(Told(grant, matter, yes, self.now, end, seen))
