"""What every geocoder promises (`geo.geocoding.Geocoder`), tried on each of them alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.comuni import ComuneRegister
from geo.gazetteer import Gazetteer
from geo.geocoding import Ambiguous, GeocodedPlace, NotFound
from geo.nominatim import Nominatim
from geo.pacing import Pace
from geo.points import Point
from tests.geo.nominatim_server import nominatim_server
from tests.support.examples import FACTOR


@pytest.fixture(scope="module")
def register():
    return ComuneRegister.load()


@pytest.fixture(scope="module", params=["gazetteer", "nominatim"])
def geocoder(request, register):
    if request.param == "gazetteer":
        yield Gazetteer(register)
        return
    with pytest.MonkeyPatch.context() as patch, nominatim_server(register) as server:
        patch.setenv("no_proxy", "127.0.0.1")
        yield Nominatim(register, url=server.url, user_agent="tests (segreteria@example.org)", pace=Pace(0.0))


def test_a_comune_has_its_label_codes_and_a_point_inside_it(geocoder, register):
    place = geocoder.geocode("Clusone")
    assert isinstance(place, GeocodedPlace)
    assert (place.label, place.comune, place.province) == ("Clusone (BG)", "016077", "BG")
    assert place.precision == "comune"
    assert register.comune_of(place.point).comune.istat == "016077"
    assert (place.place.point, place.place.comune) == (place.point, place.comune)


def test_accents_case_and_spaces_do_not_matter(geocoder):
    assert geocoder.geocode("  ALMÈ ") == geocoder.geocode("alme")


def test_a_province_after_a_comma_tells_namesakes_apart(geocoder):
    assert geocoder.geocode("Castro, Bergamo").comune == "016065"


@pytest.mark.parametrize("name", ["Samone", "Livo", "Castro", "San Teodoro"])
def test_namesakes_are_asked_back_with_a_place_each(geocoder, name):
    with pytest.raises(Ambiguous) as asked:
        geocoder.geocode(name)
    assert asked.value.query == name
    assert len({candidate.comune for candidate in asked.value.candidates}) == 2


def test_an_unknown_name_is_not_found(geocoder):
    with pytest.raises(NotFound) as refused:
        geocoder.geocode("Xyzzyxyzzy")
    assert refused.value.query == "Xyzzyxyzzy"
    assert refused.value.suggestions == ()


def test_coordinates_are_a_place(geocoder):
    place = geocoder.geocode("45,8869; 9,9517")
    assert place.point == Point(45.8869, 9.9517)
    assert (place.comune, place.province, place.precision) == ("016077", "BG", "coordinates")


@pytest.mark.parametrize("text", ["91, 9", "45, 181", "9.9517, 45.8869", "109.5, 45", "45,69,9,67"])
def test_impossible_and_swapped_coordinates_are_not_found(geocoder, text):
    with pytest.raises(NotFound):
        geocoder.geocode(text)


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "\ud800", "Clusone\x00", "a" * 257, "a" * 1_000_000, None, 7]
)
def test_what_is_no_query_is_not_found(geocoder, text):
    with pytest.raises(NotFound) as refused:
        geocoder.geocode(text)
    refused.value.query.encode()


@given(text=st.text(max_size=300))
@settings(
    max_examples=30 * FACTOR, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_text_gives_a_place_or_one_of_the_named_refusals(geocoder, text):
    try:
        assert geocoder.geocode(text).label
    except (NotFound, Ambiguous):
        pass


def test_threads_may_share_a_geocoder(geocoder):
    names = ["Clusone", "Lovere", "Sarnico", "Zogno"] * 8
    with ThreadPoolExecutor(8) as threads:
        labels = list(threads.map(lambda name: geocoder.geocode(name).label, names))
    assert labels == [f"{name} (BG)" for name in names]
