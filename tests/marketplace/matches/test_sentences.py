"""Every reason of the matcher is a whole sentence, in Italian and in English."""

import re

import pytest
from flask_babel import force_locale

from marketplace import engines
from marketplace.matches.sentences import SENTENCES, Naming, sentence
from marketplace.matches.supplier_sentences import TO_SUPPLIER, sentence_to_supplier
from search.criteria import Proof
from search.reasons import REASONS, Reason

SAMPLE = {
    "km": 12.345, "max_km": 20.0, "beyond_km": 3.2, "criterion": "organic", "proof": "certified", "expires": "2026-03-31",
    "offer": 7, "asked": 40_000, "available": 25_000, "missing": 15_000, "unit": "kg", "lot": 0, "offered": "3,4,5",
    "held": "albo_b", "n": 1, "of": 2, "offers": 2, "similarity": 0.8, "share": 0.5, "value": 1.0, "required": True,
    "price": 25_000, "budget": 30_000, "with_vat": True,
}  # fmt: skip
#: Values whose kind depends on the code.
ASKED = {"not_qualified": "albo_b,sme", "no_offer_in_season": "11,12", "in_season": "11,12"}


def told(code, language, **values):
    reason = Reason.of(code, **{name: SAMPLE[name] for name in REASONS[code]} | values)
    if "asked" in REASONS[code] and code in ASKED and "asked" not in values:
        reason = Reason.of(code, **dict(reason.values) | {"asked": ASKED[code]})
    with force_locale({"it": "it_IT", "en": "en_GB"}[language]):
        return sentence(reason, Naming(engines.criteria(), ("carote", "mele"), language))


def test_no_reason_is_without_a_sentence_and_no_sentence_without_a_reason():
    assert set(SENTENCES) == set(REASONS)


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_reason_is_a_whole_sentence(request_context, code, language):
    text = told(code, language)
    assert text[0].isupper() or text[0] in "“«"
    assert text.endswith(".")
    assert not re.search(r"%\(|None|\{|_", text)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_italian_is_not_english(request_context, code):
    assert told(code, "it") != told(code, "en")


@pytest.mark.parametrize("with_vat, words", [(True, "con IVA"), (False, "senza IVA")])
@pytest.mark.parametrize("code", ["price_within_budget", "price_over_budget"])
def test_a_price_is_told_with_or_without_vat(request_context, code, with_vat, words):
    text = told(code, "it", with_vat=with_vat)
    assert words in text
    assert "2,50" in text
    assert "3,00" in text


def test_an_area_of_municipalities_is_missed_by_nobody_knows_how_much(request_context):
    assert "km" not in told("outside_area", "it", km=None)
    assert "6,2" in told("outside_area", "it", km=6.2)


def test_an_expired_proof_says_the_day(request_context):
    assert "31 marzo 2026" in told("claim_expired", "it")


def test_what_does_not_expire_says_no_day(request_context):
    assert "fino al" in told("criterion_met", "it")
    assert "fino al" not in told("criterion_met", "it", expires=None)


@pytest.mark.parametrize("proof", list(Proof))
def test_abbreviations_stay_as_they_are_within_a_sentence(request_context, proof):
    text = told("criterion_met", "it", proof=proof.value)
    assert "dpr" not in text
    assert "(spg)" not in text


def test_codes_that_are_not_known_any_more_are_shown_as_they_are(request_context):
    assert "gone" in told("claim_missing", "it", criterion="gone")
    assert "“8”" in told("lot_not_covered", "en", lot=7)


@pytest.mark.parametrize(
    "n, of, words", [(1, 1, "the only line"), (1, 2, "1 of the 2"), (2, 2, "2 of the 2")]
)
def test_covered_lines_are_counted(request_context, n, of, words):
    assert words in told("covers_lots", "en", n=n, of=of)


@pytest.mark.parametrize("code", sorted(TO_SUPPLIER))
def test_a_supplier_is_spoken_to_not_of(request_context, code):
    reason = Reason.of(
        code,
        **{name: SAMPLE[name] for name in REASONS[code]} | ({"asked": ASKED[code]} if code in ASKED else {}),
    )
    with force_locale("en_GB"):
        text = sentence_to_supplier(reason, Naming(engines.criteria(), ("carote", "mele"), "en"))
    assert re.search(r"\byours?\b|\bYour?\b|\byou\b", text)
    assert not re.search(r"\bit (has|is|does|delivers)\b|\bIt\b", text)
    with force_locale("it_IT"):
        assert sentence_to_supplier(reason, Naming(engines.criteria(), ("carote", "mele"), "it")) != text
