"""The register of criteria: which proofs are admitted, which may be required, what each is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.criteria import COLUMNS, EVIDENCE_VALUES, CriteriaError, CriteriaRegister, Profile, Proof
from search.proof_fields import PROOF_FIELDS
from tests.data import DATA

REGISTER = CriteriaRegister.load(DATA / "criteria.csv")
criteria = st.sampled_from(list(REGISTER))
proofs = st.sampled_from(list(Proof))


def row(**changes):
    plain = dict.fromkeys(COLUMNS, "x")
    return (
        plain
        | {"number": "1", "proofs": "declared:statement", "public_may_require": "no", "eforms": ""}
        | changes
    )


def test_the_values_are_those_of_the_table_of_proofs():
    assert dict(EVIDENCE_VALUES[Profile.COMMUNITY]) == {
        "declared": 0.3,
        "signed": 0.5,
        "visited": 0.8,
        "peer": 0.9,
        "register": 1.0,
        "certified": 1.0,
    }
    assert dict(EVIDENCE_VALUES[Profile.PUBLIC]) == {
        "declared": 0.0,
        "signed": 0.6,
        "visited": 0.0,
        "peer": 0.0,
        "register": 1.0,
        "certified": 1.0,
    }


def test_the_values_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        EVIDENCE_VALUES[Profile.PUBLIC][Proof.PEER] = 1.0


def test_organic_is_certified_or_not_said():
    assert REGISTER["organic"].proofs == {
        Proof.CERTIFIED: ("control_body", "operator_code", "certificate", "expiry")
    }
    assert not any(REGISTER.admits("organic", proof) for proof in Proof if proof is not Proof.CERTIFIED)


def test_a_visit_or_a_participatory_guarantee_counts_for_groups_only():
    assert REGISTER.admits("agroecology", "peer")
    assert REGISTER.may_be_required("agroecology", "peer", "community")
    assert not REGISTER.may_be_required("agroecology", "peer", "public")


def test_a_public_body_requires_only_what_the_register_marks():
    assert REGISTER.may_be_required("work_inclusion", "register", "public")
    assert not REGISTER.may_be_required("mutuality", "register", "public")
    assert REGISTER.may_be_required("mutuality", "register", "community")


@given(criteria, proofs)
def test_a_public_requirement_takes_only_proofs_that_are_worth_something_to_it(criterion, proof):
    if criterion.may_be_required(proof, Profile.PUBLIC):
        assert criterion.public_may_require
        assert proof in (Proof.SIGNED, Proof.REGISTER, Proof.CERTIFIED)


@given(criteria, proofs, st.sampled_from(list(Profile)))
def test_nothing_is_required_with_a_proof_that_is_not_admitted(criterion, proof, profile):
    if criterion.may_be_required(proof, profile):
        assert criterion.admits(proof)
        assert proof in criterion.requirable_proofs(profile)


@given(criteria)
def test_whatever_a_public_body_may_require_has_a_proof_for_it(criterion):
    assert bool(criterion.requirable_proofs(Profile.PUBLIC)) == criterion.public_may_require
    assert criterion.requirable_proofs(Profile.COMMUNITY) == tuple(criterion.proofs)


def test_an_unknown_code_is_an_error_and_get_gives_none():
    with pytest.raises(KeyError):
        REGISTER.admits("nothing", Proof.SIGNED)
    assert REGISTER.get("nothing") is None
    assert "nothing" not in REGISTER


def test_an_unknown_proof_is_never_admitted():
    assert not REGISTER.admits("organic", "hearsay")
    assert not REGISTER.may_be_required("organic", "hearsay", "public")


def test_the_admitted_proofs_come_as_one_table_for_the_match():
    table = REGISTER.admitted_proofs()
    assert table["organic"] == {Proof.CERTIFIED}
    assert set(table) == {criterion.code for criterion in REGISTER}


def test_proofs_are_read_in_the_order_of_their_worth():
    register = CriteriaRegister.from_rows([row(proofs="certified:body|declared:statement")])
    assert list(register["x"].proofs) == [Proof.DECLARED, Proof.CERTIFIED]


@pytest.mark.parametrize(
    "changes, complaint",
    [
        ({"proofs": "hearsay:statement"}, "not a proof"),
        ({"proofs": "declared"}, "carries nothing"),
        ({"proofs": "declared:gossip"}, "unknown fields"),
        ({"proofs": "declared:date|declared:date"}, "twice"),
        ({"proofs": ""}, "empty"),
        ({"public_may_require": "maybe"}, "neither yes nor no"),
        ({"number": "first"}, "whole number"),
        ({"label_en": " "}, "empty"),
        ({"meaning_it": None}, "no column"),
    ],
)
def test_a_broken_row_is_refused_with_its_code_and_the_rule(changes, complaint):
    with pytest.raises(CriteriaError, match=complaint):
        CriteriaRegister.from_rows([row(**changes)])


def test_a_code_that_appears_twice_is_refused():
    with pytest.raises(CriteriaError, match="twice"):
        CriteriaRegister.from_rows([row(), row()])


def test_every_proof_field_is_labelled_and_used():
    used = {field for criterion in REGISTER for fields in criterion.proofs.values() for field in fields}
    assert used == set(PROOF_FIELDS)
    assert all(field.label_it and field.label_en for field in PROOF_FIELDS.values())
    assert {field.kind for field in PROOF_FIELDS.values()} <= {"text", "date", "url", "percent", "comuni"}


def test_criteria_may_be_kept_in_a_set():
    assert len(set(REGISTER)) == len(REGISTER)
