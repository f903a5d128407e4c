"""``data/criteria.csv``: the twenty criteria in use, with codes of other vocabularies that exist."""

from marketplace.reference.eforms import load_eforms_codes
from search.criteria import CriteriaRegister, Proof
from tests.data import DATA

REGISTER = CriteriaRegister.load(DATA / "criteria.csv")
ESSGLOBAL_QUALIFIERS = {
    "organic",
    "agroecological",
    "fair trade",
    "local",
    "social insertion",
    "self-management",
    "gender equity",
    "peasant agriculture",
    "recycled",
}
REQUIRABLE_BY_A_PUBLIC_BODY = {1, 3, 4, 5, 9, 11, 12, 13, 14, 16, 17, 18}


def test_there_are_twenty_numbered_in_order():
    assert [criterion.number for criterion in REGISTER] == list(range(1, 21))


def test_a_public_body_may_require_exactly_the_starred_ones():
    assert {c.number for c in REGISTER if c.public_may_require} == REQUIRABLE_BY_A_PUBLIC_BODY


def test_eforms_codes_exist():
    known = load_eforms_codes(DATA / "eforms_codelists.csv")
    assert [code for criterion in REGISTER for code in criterion.eforms if code not in known] == []


def test_essglobal_qualifiers_are_real_and_used_once():
    used = [criterion.essglobal for criterion in REGISTER if criterion.essglobal]
    assert set(used) <= ESSGLOBAL_QUALIFIERS
    assert len(used) == len(set(used))


def test_meanings_are_one_short_line():
    for criterion in REGISTER:
        for language in ("it", "en"):
            meaning = criterion.meaning(language)
            assert meaning.endswith(".")
            assert "\n" not in meaning
            assert 30 <= len(meaning) <= 200, criterion.code


def test_a_register_is_named_by_number_or_agreement_and_a_certificate_by_number():
    for criterion in REGISTER:
        register = criterion.proofs.get(Proof.REGISTER, ())
        assert not register or {"number", "agreement"} & set(register), criterion.code
        assert not register or "link" in register, criterion.code
        certified = criterion.proofs.get(Proof.CERTIFIED, ())
        assert not certified or "expiry" in certified, criterion.code


def test_words_that_the_law_keeps_are_not_for_declaring():
    for code in (
        "organic",
        "third_sector",
        "work_inclusion",
        "typicality",
        "fair_trade",
        "ecological_quality",
    ):
        assert not REGISTER.admits(code, Proof.DECLARED), code


def test_chain_words_carry_the_places_that_make_them_true():
    for code in ("short_chain", "zero_km"):
        for fields in REGISTER[code].proofs.values():
            assert {"production_places", "processing_places"} <= set(fields)


def test_every_criterion_names_its_source():
    assert all(len(criterion.source) > 10 for criterion in REGISTER)
