"""Each basis asks for what its rule names, and what is filled in says the claim."""

import datetime

import pytest
from django import forms

from consent.capacity import Claim, OpenBasis
from consent.models import CapacityRule
from consent.states import Assent, Basis, Fact, SignerRole
from sharing.right_fields import DECIDER_LABELS, claim_from, fields_for, names_from
from ultrasound_portal.clinics.models import User


def a_basis(basis: Basis, *facts: Fact, assessed: bool = False, assents: bool = False) -> OpenBasis:
    return OpenBasis(basis, CapacityRule(basis=basis, facts=list(facts)), assessed, assents)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (a_basis(Basis.ADULT), []),
        (a_basis(Basis.COMPETENT_MINOR, assessed=True), ["reasoning"]),
        (a_basis(Basis.MINOR_WITH_PARENT, assents=True), ["assent", "assent_name"]),
        (a_basis(Basis.DECEASED, Fact.AUTHORITY, Fact.PROOF, Fact.WISHES), ["authority", "proof", "wishes"]),
        (
            a_basis(Basis.GUARDIAN, Fact.AUTHORITY_END, Fact.NECESSITY, Fact.ASSENT_MAY_LACK, assents=True),
            ["authority_until", "necessary", "in_her_interest", "no_other_way", "assent_note", "assent", "assent_name"],
        ),
    ],
)
def test_a_basis_asks_for_what_its_rule_names(asked: OpenBasis, names: list[str]) -> None:
    assert list(fields_for(asked, asks_born=False)) == names
    assert list(fields_for(asked, asks_born=True)) == ["born", *names]
    assert asked.basis in DECIDER_LABELS


@pytest.mark.parametrize("may_lack", [True, False])
def test_that_she_cannot_say_is_a_choice_only_where_the_rule_allows_it(may_lack: bool) -> None:
    facts = [Fact.ASSENT_MAY_LACK] if may_lack else []
    field = fields_for(a_basis(Basis.GUARDIAN, *facts, assents=True), asks_born=False)["assent"]
    assert isinstance(field, forms.ChoiceField)
    assert (Assent.NOT_POSSIBLE in dict(field.choices)) is may_lack


def test_what_is_filled_in_says_the_claim() -> None:
    by, day = User(), datetime.date(2027, 1, 2)
    said = {"authority": "order", "proof": "12/3", "authority_until": day, "necessary": True, "assent": "given"}
    claim = claim_from(said, Basis.GUARDIAN, by)
    assert (claim.basis, claim.authority_until, claim.assent) == (Basis.GUARDIAN, day, Assent.GIVEN)
    assert claim.statements == (True, False, False)
    assert claim.assessor is None
    assert claim_from({"reasoning": "She explained it."}, Basis.COMPETENT_MINOR, by).assessor is by
    assert claim_from({}, Basis.ADULT, by) == Claim()


def test_names_beside_the_deciders_are_those_that_were_typed() -> None:
    assert names_from({"assent_name": " Junia ", "witness": "", "interpreter": "Iris"}) == {
        SignerRole.ASSENT: "Junia",
        SignerRole.INTERPRETER: "Iris",
    }
