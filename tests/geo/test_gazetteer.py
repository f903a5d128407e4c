import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geocoding import Ambiguous, GeocodingError, NotFound
from geo.points import Point


def labels(places):
    return [place.label for place in places]


@pytest.mark.parametrize(
    "text, label",
    [
        ("Clusone", "Clusone (BG)"),
        ("  CLUSONE ", "Clusone (BG)"),
        ("Clusone (BG)", "Clusone (BG)"),
        ("Clusone BG", "Clusone (BG)"),
        ("clusone bg", "Clusone (BG)"),
        ("Clusone, Bergamo", "Clusone (BG)"),
        ("Clusone - BG", "Clusone (BG)"),
        ("Clusone [BG]", "Clusone (BG)"),
        ("Clusone, BG, Italia", "Clusone (BG)"),
        ("Clusone (Italy)", "Clusone (BG)"),
        ("Clusone, Lombardia", "Clusone (BG)"),
        ("Clusone prov. di Bergamo", "Clusone (BG)"),
        ("Clusone (prov. BG)", "Clusone (BG)"),
        ("comune di Clusone", "Clusone (BG)"),
        ("Comune dell'Aquila", "L'Aquila (AQ)"),
        ("24023 Clusone", "Clusone (BG)"),
        ("Clusone 24023", "Clusone (BG)"),
        ("24023 Clusone (BG)", "Clusone (BG)"),
        ("24100 Bergamo", "Bergamo (BG)"),
        ("00100 Roma", "Roma (RM)"),
        ("Milano MI", "Milano (MI)"),
        ("Reggio Emilia", "Reggio nell'Emilia (RE)"),
        ("Reggio Calabria", "Reggio di Calabria (RC)"),
        ("Monza (Monza e Brianza)", "Monza (MB)"),
        ("Città di Castello", "Città di Castello (PG)"),
        ("Re", "Re (VB)"),
        ("Ne", "Ne (GE)"),
    ],
)
def test_a_comune_is_found_as_people_write_it(gazetteer, text, label):
    assert gazetteer.geocode(text).label == label


@pytest.mark.parametrize("text", ["Almè", "Alme", "ALMÈ", "Alme'", "Alme`", "Alme\u0300"])
def test_accents_may_be_left_out_or_written_as_apostrophes(gazetteer, text):
    assert gazetteer.geocode(text).label == "Almè (BG)"


@pytest.mark.parametrize(
    "text", ["Villa d'Almè", "villa d’alme", "Villa D Alme", "villa dalme", "villadalme"]
)
def test_either_apostrophe_or_none_will_do(gazetteer, text):
    assert gazetteer.geocode(text).label == "Villa d'Almè (BG)"


@pytest.mark.parametrize("text", ["Bolzano", "Bozen", "Bolzano/Bozen", "bolzano bozen", "Bozen (BZ)"])
def test_either_name_of_a_bilingual_comune_will_do(gazetteer, text):
    assert gazetteer.geocode(text).label == "Bolzano/Bozen (BZ)"


def test_both_forms_of_a_german_saint_will_do(gazetteer):
    assert gazetteer.geocode("St. Ulrich") == gazetteer.geocode("Sankt Ulrich")


@pytest.mark.parametrize(
    "text, label",
    [
        ("S. Pellegrino", "San Pellegrino Terme (BG)"),
        ("S.Pellegrino T.", "San Pellegrino Terme (BG)"),
        ("s pellegrino terme", "San Pellegrino Terme (BG)"),
        ("San Pellegrino", "San Pellegrino Terme (BG)"),
        ("S.Giovanni Bianco", "San Giovanni Bianco (BG)"),
        ("Ponte S. Pietro", "Ponte San Pietro (BG)"),
        ("PONTE S.PIETRO (BG)", "Ponte San Pietro (BG)"),
        ("P.te S. Pietro", "Ponte San Pietro (BG)"),
        ("S. Omobono", "Sant'Omobono Terme (BG)"),
        ("SS. Cosma e Damiano", "Santi Cosma e Damiano (LT)"),
        ("Sta Maria Hoè", "Santa Maria Hoè (LC)"),
        ("Sto Stefano Lodigiano", "Santo Stefano Lodigiano (LO)"),
        ("S. Stefano Lodigiano", "Santo Stefano Lodigiano (LO)"),
        ("Almenno S.S.", "Almenno San Salvatore (BG)"),
        ("Almenno S. Bart.", "Almenno San Bartolomeo (BG)"),
        ("Cisano B.sco", "Cisano Bergamasco (BG)"),
        ("S. Giovanni BG", "San Giovanni Bianco (BG)"),
        ("Gattico", "Gattico-Veruno (NO)"),
    ],
)
def test_abbreviated_and_partial_names_are_filled_in_where_only_one_fits(gazetteer, text, label):
    assert gazetteer.geocode(text).label == label


@pytest.mark.parametrize(
    "name", ["Samone", "Livo", "Calliano", "Castro", "Peglio", "San Teodoro", "S. Teodoro"]
)
def test_namesakes_are_asked_back(gazetteer, name):
    with pytest.raises(Ambiguous) as asked:
        gazetteer.geocode(name)
    candidates = asked.value.candidates
    assert len(candidates) == 2
    assert {gazetteer.geocode(candidate.label) for candidate in candidates} == set(candidates)


def test_a_province_tells_namesakes_apart(gazetteer):
    assert gazetteer.geocode("Castro (BG)").comune == "016065"
    assert gazetteer.geocode("Castro, Lecce").province == "LE"


def test_the_beginning_of_many_names_is_asked_back_with_the_most_populous_first(gazetteer):
    with pytest.raises(Ambiguous) as asked:
        gazetteer.geocode("San Giovanni")
    populations = [gazetteer.register.get(place.comune).population for place in asked.value.candidates]
    assert populations == sorted(populations, reverse=True)
    assert len(populations) > 5


def test_a_whole_name_wins_over_longer_ones(gazetteer):
    assert gazetteer.geocode("Ponte").label == "Ponte (BN)"
    assert gazetteer.geocode("Brembate").label == "Brembate (BG)"


def test_a_postal_code_of_one_comune_is_that_comune(gazetteer):
    place = gazetteer.geocode("24023")
    assert (place.label, place.precision) == ("Clusone (BG)", "postal_code")
    assert gazetteer.geocode("24121").label == "Bergamo (BG)"


def test_a_postal_code_of_many_comuni_is_asked_back_with_all_of_them(gazetteer):
    with pytest.raises(Ambiguous) as asked:
        gazetteer.geocode("24060")
    assert len(asked.value.candidates) == 44


def test_a_postal_code_tells_namesakes_apart(gazetteer):
    assert gazetteer.geocode("24063 Castro").province == "BG"


def test_a_name_against_its_postal_code_is_refused_and_both_are_suggested(gazetteer):
    with pytest.raises(NotFound) as refused:
        gazetteer.geocode("24023 Milano")
    assert labels(refused.value.suggestions)[:2] == ["Milano (MI)", "Clusone (BG)"]


@pytest.mark.parametrize(
    "text, first",
    [
        ("Clusonne", "Clusone (BG)"),
        ("Brgamo", "Bergamo (BG)"),
        ("Clus", "Clusone (BG)"),
        ("Brembilla", "Val Brembilla (BG)"),
        ("San Pelegrino Terme", "San Pellegrino Terme (BG)"),
        ("Clusone (BS)", "Clusone (BG)"),
        ("Lovre", "Lovere (BG)"),
        ("Števerjan", "San Floriano del Collio-Števerjan (GO)"),
    ],
)
def test_an_unknown_name_suggests_the_nearest_spelling_first(gazetteer, text, first):
    with pytest.raises(NotFound) as refused:
        gazetteer.geocode(text)
    assert labels(refused.value.suggestions)[0] == first
    assert len(refused.value.suggestions) <= 5


def test_a_suggestion_can_be_asked_for_by_its_label(gazetteer):
    with pytest.raises(NotFound) as refused:
        gazetteer.geocode("Clusonne")
    for suggestion in refused.value.suggestions:
        assert gazetteer.geocode(suggestion.label) == suggestion


def test_coordinates_find_their_comune(gazetteer):
    place = gazetteer.geocode("45.8869, 9.9517")
    assert (place.point, place.comune, place.province) == (Point(45.8869, 9.9517), "016077", "BG")
    assert place.precision == "coordinates"
    assert not place.approximate


def test_swapped_coordinates_are_suggested_and_not_taken(gazetteer):
    with pytest.raises(NotFound) as refused:
        gazetteer.geocode("9.9517, 45.8869")
    assert refused.value.suggestions[0].comune == "016077"


def test_coordinates_abroad_have_no_comune(gazetteer):
    place = gazetteer.geocode("48.85, 2.35")
    assert (place.comune, place.province) == (None, None)


@pytest.mark.parametrize(
    "text", ["Via Roma 12, 24023 Clusone (BG)", "via Roma, 12/a, Clusone", "P.za Orologio, Clusone BG"]
)
def test_of_an_address_the_comune_is_found(gazetteer, text):
    place = gazetteer.geocode(text)
    assert (place.label, place.precision) == ("Clusone (BG)", "comune")


def test_a_comune_called_like_a_street_is_still_found(gazetteer):
    assert gazetteer.geocode("Contrada").label == "Contrada (AV)"
    assert gazetteer.geocode("Piazza Brembana").label == "Piazza Brembana (BG)"


@pytest.mark.parametrize(
    "text", ["s.", "ss.", "San", "a", "BG", "prov. BG", "24", "99999", "12345678", "Via Roma 1", "(", "🍅"]
)
def test_what_names_no_single_place_gets_none(gazetteer, text):
    with pytest.raises(GeocodingError):
        gazetteer.geocode(text)


def test_candidates_are_never_more_than_a_page(gazetteer):
    with pytest.raises(Ambiguous) as asked:
        gazetteer.geocode("San")
    assert len(asked.value.candidates) == 50


def test_every_comune_is_found_by_its_own_label(gazetteer):
    for comune in gazetteer.register:
        assert gazetteer.geocode(comune.label).comune == comune.istat, comune.label


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_a_geocoding_error(gazetteer, text):
    try:
        assert gazetteer.geocode(text).label
    except GeocodingError as error:
        error.query.encode()


@given(
    st.lists(
        st.sampled_from(["s.", "ss.", "a.b", "bg", "san", ",", "(", ")", "24023", "'", "-", "di"]),
        max_size=60,
    )
)
def test_any_heap_of_abbreviations_is_answered(gazetteer, pieces):
    try:
        gazetteer.geocode(" ".join(pieces))
    except GeocodingError:
        pass


def test_typing_offers_the_most_populous_first(gazetteer):
    assert labels(gazetteer.suggest("berg", 3)) == ["Bergamo (BG)", "Bergantino (RO)", "Bergeggi (SV)"]
    assert labels(gazetteer.suggest("mila", 1)) == ["Milano (MI)"]


def test_typing_prefers_a_province_without_hiding_the_others(gazetteer):
    offered = gazetteer.suggest("ca", 400, prefer_province="BG")
    provinces = [place.province for place in offered]
    assert provinces[0] == "BG"
    assert "BG" not in provinces[provinces.index("CT") :]
    assert {place.comune for place in offered} == {
        place.comune for place in gazetteer.suggest("ca", 400)
    } or len(offered) == 400


@pytest.mark.parametrize(
    "typed, label",
    [
        ("s. pelle", "San Pellegrino Terme (BG)"),
        ("pellegrino te", "San Pellegrino Terme (BG)"),
        ("alme'", "Almè (BG)"),
        ("2402", "Clusone (BG)"),
        ("24023", "Clusone (BG)"),
        ("Clusone (", "Clusone (BG)"),
        ("Clusone (B", "Clusone (BG)"),
        ("Clusone (BG)", "Clusone (BG)"),
        ("castro, lec", "Castro (LE)"),
        ("boze", "Bolzano/Bozen (BZ)"),
    ],
)
def test_typing_offers_what_is_meant(gazetteer, typed, label):
    assert label in labels(gazetteer.suggest(typed, 40, prefer_province="BG"))


@pytest.mark.parametrize("typed", ["", " ", "'", "(", "xyzxyz", "\x00", "\ud800", "9" * 10_000])
def test_typing_nothing_known_offers_nothing(gazetteer, typed):
    assert gazetteer.suggest(typed) == []


def test_no_more_is_offered_than_asked(gazetteer):
    assert len(gazetteer.suggest("s", 7)) == 7
    assert gazetteer.suggest("s", 0) == []
    assert gazetteer.suggest("s", -1) == []
