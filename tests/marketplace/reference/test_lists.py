"""The small loaders: legal forms, promoters, CPV and eForms codes."""

import pytest

from marketplace.reference.cpv import CpvList
from marketplace.reference.eforms import load_eforms_codes
from marketplace.reference.legal_forms import load_legal_forms
from marketplace.reference.promoters import load_promoters
from tests.data import DATA


@pytest.fixture(scope="module")
def cpv():
    return CpvList.load(DATA / "cpv.csv")


@pytest.mark.parametrize("text", ["03222321", "03222321-7", "032223217"])
def test_a_cpv_code_is_found_with_or_without_its_check_digit(cpv, text):
    assert cpv.find(text).label() == "Mele"
    assert cpv.find(text).label("en") == "Apples"


def test_a_short_cpv_code_means_the_one_with_trailing_zeros(cpv):
    assert cpv.find("0322").code == "03220000"
    assert cpv.find("80").code == "80000000"


@pytest.mark.parametrize("text", ["", "mele", "99999999", "0322232199"])
def test_what_is_not_on_the_official_list_is_not_found(cpv, text):
    assert cpv.find(text) is None


def test_legal_forms_speak_both_languages():
    form = load_legal_forms(DATA / "legal_forms.csv")["social_coop_b"]
    assert form.label() == "Cooperativa sociale di tipo B"
    assert form.label("en").startswith("Type B")
    assert form.essglobal == ("L2", "L5")


def test_a_legal_form_listed_twice_is_refused(tmp_path):
    path = tmp_path / "forms.csv"
    path.write_text("code,label_it,label_en,official_code,essglobal\na,A,A,,\na,B,B,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        load_legal_forms(path)


def test_a_promoter_says_what_its_name_says():
    promoter = load_promoters(DATA / "promoters.csv")[7]
    assert promoter.name == "Associazione non riconosciuta Rete GAS Bergamo"
    assert promoter.legal_form == "association_unrecognised"
    assert promoter.says().startswith("Associazione non riconosciuta")
    assert promoter.says("en").startswith("Association without")


def test_an_eforms_code_has_its_official_labels():
    codes = load_eforms_codes(DATA / "eforms_codelists.csv")
    assert codes["social-objective:gen-eq"].label() == "Parità di genere"
    assert codes["social-objective:gen-eq"].label("en") == "Gender equality"
