import pytest

from geo.areas import Place
from geo.boundaries import Boundaries
from geo.comuni import DATA, ComuneRegister
from geo.points import Point


def test_italy_has_its_7899_comuni_in_107_provinces(register):
    assert len(register) == 7899
    assert len({comune.istat for comune in register}) == 7899
    assert len(register.provinces) == 107
    assert register.provinces["BG"] == "Bergamo"


def test_a_comune_is_found_by_its_code(register):
    clusone = register.get("016077")
    assert (clusone.name, clusone.sigla, clusone.caps) == ("Clusone", "BG", ("24023",))
    assert clusone.place == Place(Point(clusone.lat, clusone.lon), "016077", "BG")
    assert register.get("999999") is None


def test_labels_are_unique(register):
    assert len({comune.label for comune in register}) == len(register)


def test_no_name_has_lost_letters(register):
    assert all(comune.name.isprintable() and "?" not in comune.name for comune in register)
    assert register.get("031019").name.endswith("Števerjan")


def test_the_nearest_comune_of_its_own_point_is_itself(register):
    assert register.nearest(register.get("016077").point).istat == "016077"


def test_a_point_in_the_province_of_bergamo_has_an_exact_comune(register):
    found = register.comune_of(Point(45.8869, 9.9517))
    assert (found.comune.name, found.found_by, found.approximate) == ("Clusone", "boundary", False)


@pytest.mark.parametrize(
    "point, name, found_by",
    [
        (Point(45.4642, 9.19), "Milano", "coarse_boundary"),
        (Point(41.9, 12.49), "Roma", "nearest_centre"),
        (Point(44.4056, 8.9463), "Genova", "nearest_centre"),
    ],
)
def test_elsewhere_the_comune_of_a_point_is_to_be_confirmed(register, point, name, found_by):
    found = register.comune_of(point)
    assert (found.comune.name, found.found_by, found.approximate) == (name, found_by, True)


@pytest.mark.parametrize("point", [Point(48.85, 2.35), Point(40.0, 12.0), Point(46.003, 8.951), Point(90, 0)])
def test_abroad_and_at_sea_there_is_no_comune(register, point):
    assert register.comune_of(point) is None


def test_every_comune_contains_its_own_point(register):
    wrong = [comune.label for comune in register if register.comune_of(comune.point).comune is not comune]
    assert wrong == []


def test_names_with_either_language_are_spelt(register):
    assert register.spelt("bozen") == register.spelt("bolzano") == (register.get("021008"),)
    assert register.spelt("nowhere") == ()


def test_the_register_can_be_read_from_another_folder(tmp_path):
    path = tmp_path / "comuni.csv"
    path.write_text(
        "istat,name,province,sigla,region,catastale,lat,lon,population,caps,nuts3\n"
        "016077,Clusone,Bergamo,BG,Lombardia,C800,45.87467,9.93438,8537,,\n",
        encoding="utf-8",
    )
    register = ComuneRegister.load(path)
    assert [comune.name for comune in register] == ["Clusone"]
    assert register.get("016077").caps == ()


@pytest.mark.parametrize(
    "file, key, count",
    [
        ("comuni_bergamo.geojson", "istat", 243),
        ("comuni_lombardia.geojson", "istat", 1503),
        ("province_italia.geojson", "sigla", 107),
    ],
)
def test_every_boundary_belongs_to_the_register(register, file, key, count):
    boundaries = Boundaries.load(DATA / file, key)
    known = {comune.istat for comune in register} if key == "istat" else set(register.provinces)
    assert len(boundaries) == count
    assert set(boundaries.codes) <= known
