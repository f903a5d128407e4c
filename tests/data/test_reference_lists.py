"""Law, legal forms, promoters and official lists in ``data/``."""

import csv
from datetime import date

from marketplace.reference.cpv import CpvList
from marketplace.reference.law import LawTable
from marketplace.reference.legal_forms import ESSGLOBAL_FORMS, load_legal_forms
from marketplace.reference.promoters import load_promoters
from tests.data import DATA

LAW = LawTable.load(DATA / "law.csv")
FORMS = load_legal_forms(DATA / "legal_forms.csv")
PROMOTERS = load_promoters(DATA / "promoters.csv")
TODAY = date(2026, 11, 21)


def test_the_thresholds_and_rates_of_the_day():
    expected = {
        "direct_award_services": 140_000,
        "eu_threshold_subcentral": 216_000,
        "convention_381": 216_000,
        "rotation_exemption": 5_000,
        "reserved_workers_share": 30,
        "vat_super_reduced": 4,
        "vat_intermediate": 5,
        "vat_reduced": 10,
        "vat_standard": 22,
        "zero_km_radius": 70,
        "short_chain_intermediaries": 1,
    }
    assert {key: LAW.value_on(key, TODAY) for key in expected} == expected


def test_every_row_has_a_source_and_most_were_checked():
    rows = list(LAW)
    assert all(row.source for row in rows)
    assert sum(row.verified is not None for row in rows) >= 0.8 * len(rows)
    assert all(row.verified <= TODAY for row in rows if row.verified)


def test_the_rates_of_vat_are_four():
    rates = [row for row in LAW.rows_on(TODAY, "vat_") if row.unit == "percent"]
    assert sorted(row.value for row in rates) == [4, 5, 10, 22]


def test_the_official_cpv_list_is_whole():
    assert len(CpvList.load(DATA / "cpv.csv")) == 9_454


def test_legal_forms_map_to_official_codes_that_exist():
    with open(DATA / "legal_forms_it.csv", encoding="utf-8", newline="") as file:
        official = {row["codice_3_livello"] for row in csv.DictReader(file)}
    assert [
        form.code for form in FORMS.values() if form.official_code and form.official_code not in official
    ] == []


def test_legal_forms_map_to_essglobal_and_public_bodies_and_people_do_not():
    for form in FORMS.values():
        assert set(form.essglobal) <= set(ESSGLOBAL_FORMS)
        is_public = bool(form.official_code) and (
            form.official_code.startswith("2.") or form.official_code in ("1.6.20", "1.6.30")
        )
        assert bool(form.essglobal) != (is_public or form.code == "natural_person"), form.code


def test_the_kinds_of_social_co_operative_are_told_apart():
    assert {"social_coop_a", "social_coop_b", "social_coop_ab", "social_coop_consortium"} <= set(FORMS)
    assert FORMS["social_coop_b"].official_code == "1.4.30"


def test_there_are_twenty_promoters_in_the_order_of_the_leaflet():
    assert [promoter.position for promoter in PROMOTERS] == list(range(1, 21))
    assert PROMOTERS[0].name == "Bio-Distretto dell’Agricoltura Sociale di Bergamo"
    assert PROMOTERS[-1].name == "Associazione Etica Sviluppo Ambiente Adriano Olivetti"


def test_promoters_are_said_to_be_only_what_their_name_says():
    for promoter in PROMOTERS:
        name = promoter.name.casefold().replace("’", "'")
        words = [word.strip(".;,") for word in promoter.says_it.casefold().split()]
        for word in words:
            stem = word.rstrip("aeio") if word != "di" else ""
            assert stem in name or word in ("istituto", "rete", "gas"), (promoter.name, word)
        assert promoter.legal_form is None or promoter.legal_form in FORMS
        assert bool(promoter.says_it) == bool(promoter.says_en)
