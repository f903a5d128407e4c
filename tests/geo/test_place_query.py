import pytest

from geo.place_query import PlaceQuery, without_street


@pytest.mark.parametrize(
    "text, name, cap",
    [
        ("24023 Clusone", "Clusone", "24023"),
        ("Clusone, 24023", "Clusone", "24023"),
        ("24023", "", "24023"),
        ("comune di Clusone", "Clusone", None),
        ("Comune dell'Aquila", "Aquila", None),
        ("Clusone (BG), Italia", "Clusone (BG)", None),
        ("240231 Clusone", "240231 Clusone", None),
        ("２４０２３ Clusone", "２４０２３ Clusone", None),
    ],
)
def test_the_postal_code_and_the_frame_are_taken_off(text, name, cap):
    assert PlaceQuery.parse(text) == PlaceQuery(name, cap)


def test_every_cut_into_name_and_province_is_proposed_the_longest_province_first():
    splits = list(PlaceQuery.parse("Monza, Monza e Brianza").splits())
    assert splits[0] == ("monza", "monza e brianza")
    assert len(splits) == 3


@pytest.mark.parametrize(
    "text", ["Clusone prov. di Bergamo", "Clusone (prov. Bergamo)", "Clusone, provincia di Bergamo"]
)
def test_the_word_province_is_dropped(text):
    assert ("clusone", "bergamo") in list(PlaceQuery.parse(text).splits())


def test_pr_alone_is_parma():
    assert list(PlaceQuery.parse("Albareto (PR)").splits()) == [("albareto", "pr")]


@pytest.mark.parametrize(
    "text, rest",
    [
        ("Via Roma 12, 24023 Clusone (BG)", "24023 Clusone (BG)"),
        ("via Roma, 12/a, Clusone", "Clusone"),
        ("P.za Orologio, Clusone, BG", "Clusone, BG"),
        ("Loc. Fontana 24023 Clusone", "24023 Clusone"),
        ("Via Roma 12", None),
        ("Via Roma, 12", None),
        ("Clusone, via Roma", None),
        ("Viadana, Mantova", None),
    ],
)
def test_behind_a_street_stands_the_comune(text, rest):
    assert without_street(text) == rest
