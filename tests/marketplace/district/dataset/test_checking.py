"""What rows may say, and what they owe each other."""

import pytest

from tests.marketplace.district.dataset.conftest import ORGANISATIONS, problems

OFFERS = "key,organisation,title,category,unit,price,vat\n"
AREAS = "organisation,kind,radius_km,around,comuni,province,polygon\n"
SQUARE = '"{""type"":""Polygon"",""coordinates"":[[[9.6,45.6],[9.8,45.6],[9.8,45.8],[9.6,45.8],[9.6,45.6]]]}"'


def test_every_problem_of_every_file_is_named_in_one_pass(check):
    checked = check(
        organisations=ORGANISATIONS + "b,,farmer,Nessundove\n",
        offers=OFFERS + "x,nobody,Mele,food.fruit.apples,kg,1,4\ny,cascina,,boh,kilo,1e5,4\n",
    )
    assert problems(checked) == [
        ("organisations.csv", 3, "kinds"),
        ("organisations.csv", 3, "name"),
        ("organisations.csv", 3, "place"),
        ("offers.csv", 2, "organisation"),
        ("offers.csv", 3, "category"),
        ("offers.csv", 3, "price"),
        ("offers.csv", 3, "title"),
        ("offers.csv", 3, "unit"),
    ]


@pytest.mark.parametrize("place", ["016077", "Clusone", "Clusone (BG)", '"45.8881, 9.9508"'])
def test_a_place_is_an_istat_code_a_name_or_coordinates(check, place):
    checked = check(organisations=f"key,name,kinds,place\na,Nome,producer,{place}\n")
    assert checked.problems == []
    assert (checked.dataset.organisations[0].seat.comune, checked.dataset.organisations[0].seat.province) == (
        "016077",
        "BG",
    )


def test_an_ambiguous_place_is_asked_back_with_its_candidates(check):
    checked = check(organisations="key,name,kinds,place\na,Nome,producer,Castro\n")
    assert problems(checked) == [("organisations.csv", 2, "place")]
    assert "Castro (BG)" in checked.problems[0].reason


def test_an_unknown_place_is_refused_with_the_nearest_spelling(check):
    checked = check(organisations="key,name,kinds,place\na,Nome,producer,Clusonne\n")
    assert "Clusone (BG)" in checked.problems[0].reason


def test_swapped_coordinates_are_noticed(check):
    header = "key,name,kinds,place,lat,lon\n"
    checked = check(organisations=header + "a,Nome,producer,Clusone,9.95,45.88\n")
    assert problems(checked) == [("organisations.csv", 2, "lat")]
    assert "swapped" in checked.problems[0].reason


def test_one_coordinate_alone_is_refused(check):
    header = "key,name,kinds,place,lat,lon\n"
    assert problems(check(organisations=header + "a,Nome,producer,Clusone,45.88,\n")) == [
        ("organisations.csv", 2, "lon")
    ]


def test_tax_numbers_are_checked_by_their_formula(check):
    header = "key,name,kinds,place,vat_number,tax_code\n"
    checked = check(organisations=header + "a,Nome,producer,Clusone,12345678901,RSSMRA85T10A562X\n")
    assert problems(checked) == [
        ("organisations.csv", 2, "tax_code"),
        ("organisations.csv", 2, "vat_number"),
    ]


def test_a_key_stands_once_whatever_its_case(check):
    checked = check(organisations=ORGANISATIONS + "Cascina,Altra,producer,Clusone\n")
    assert problems(checked) == [("organisations.csv", 3, "key")]
    assert "line 2" in checked.problems[0].reason


def test_a_refused_organisation_is_not_blamed_on_the_rows_that_name_it(check):
    checked = check(
        organisations=ORGANISATIONS + "b,Nome,producer,Nessundove\n",
        offers=OFFERS + "x,b,Mele,food.fruit.apples,kg,1,4\n",
    )
    assert problems(checked) == [("organisations.csv", 3, "place")]


def test_a_file_that_breaks_off_makes_no_missing_references(check):
    checked = check(
        organisations=ORGANISATIONS + 'b,"Nome,producer,Clusone\n',
        offers=OFFERS + "x,c,Mele,food.fruit,kg,1,4\n",
    )
    assert problems(checked) == [("organisations.csv", 3, "")]


@pytest.mark.parametrize("category", ["food.fruit.apples", "mele", "Apples", "03222321-7", "03222321"])
def test_a_category_is_a_code_a_word_or_a_cpv_code(check, category):
    checked = check(offers=OFFERS + f'x,cascina,Mele,{category},kg,"1,80",4\n')
    assert checked.problems == []
    assert checked.dataset.offers[0].category == "food.fruit.apples"
    assert (checked.dataset.offers[0].price, checked.dataset.offers[0].vat_rate) == (18_000, 400)


def test_a_price_says_its_vat(check):
    assert problems(check(offers=OFFERS + "x,cascina,Mele,mele,kg,2,\n")) == [("offers.csv", 2, "vat")]


def test_an_offer_on_request_needs_no_vat(check):
    assert check(offers=OFFERS + "x,cascina,Mele,mele,kg,,\n").dataset.offers[0].price is None


@pytest.mark.parametrize("title", ["Mele bio", "Mele BIOLOGICHE", "Mele a km 0", "Mele di filiera corta"])
def test_reserved_words_need_their_claim(check, title):
    assert problems(check(offers=OFFERS + f"x,cascina,{title},mele,kg,2,4\n")) == [("offers.csv", 2, "title")]


@pytest.mark.parametrize("title", ["Biodiversità in cassetta", "Mele da biotopo"])
def test_words_that_only_begin_like_a_reserved_one_are_free(check, title):
    assert check(offers=OFFERS + f"x,cascina,{title},mele,kg,2,4\n").problems == []


def test_an_organic_certificate_of_the_offer_lets_it_say_so(check):
    checked = check(
        offers=OFFERS + "x,cascina,Mele bio,mele,kg,2,4\n",
        claims="organisation,offer,criterion,proof,control_body,operator_code,certificate,expires,verified\n"
        "cascina,x,organic,certified,IT-BIO-000,A1,C1,2030-12-31,yes\n",
    )
    assert checked.problems == []


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ("radius,10,,,,", []),
        ("radius,10,Bergamo,,,", []),
        ("comuni,,,Clusone; 016024,,", []),
        ("province,,,,bg; BS,", []),
        (f"polygon,,,,,{SQUARE}", []),
        ("radius,,,,,", ["radius_km"]),
        ("radius,1000000000,,,,", ["radius_km"]),
        ("radius,10,,,BG,", ["province"]),
        ("comuni,,,Clusone; Nessundove,,", ["comuni"]),
        ("province,,,,XX,", ["province"]),
        ("polygon,,,,,../../etc/passwd.json", ["polygon"]),
        ("polygon,,,,,missing.geojson", ["polygon"]),
        ('polygon,,,,,"{""type"":""Point"",""coordinates"":[9,45]}"', ["polygon"]),
        ("circle,,,,,", ["kind"]),
    ],
)
def test_an_area_says_where_by_its_kind(check, row, columns):
    checked = check(areas=AREAS + f"cascina,{row}\n")
    assert [problem.column for problem in checked.problems] == columns
    assert len(checked.dataset.areas) == (0 if columns else 1)


def test_an_offer_names_areas_that_there_are(check):
    checked = check(
        areas="organisation,key,kind,radius_km\ncascina,vicino,radius,10\ncascina,vicino,radius,20\n",
        offers="key,organisation,title,category,unit,areas\na,cascina,Mele,mele,kg,vicino; lontano\n",
    )
    assert [(one.file, one.line, one.column) for one in checked.problems] == [
        ("areas.csv", 3, "key"),
        ("offers.csv", 2, "areas"),
    ]


def test_a_polygon_may_lie_in_a_file_of_the_folder(check, tmp_path):
    (tmp_path / "valle.geojson").write_text(SQUARE.strip('"').replace('""', '"'))
    checked = check(areas=AREAS + "cascina,polygon,,,,,valle.geojson\n")
    assert checked.dataset.areas[0].polygon["type"] == "Polygon"
