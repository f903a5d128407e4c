"""The settings page of delivery areas: four kinds, each read by its own box."""

import io
import json

import pytest
import sqlalchemy as sa

from geo.polygons import CODES
from marketplace.organisations.area_words import POLYGON_REFUSALS
from marketplace.organisations.models import DeliveryArea
from marketplace.outbox import OutboxEntry
from tests.factories import make_area, make_organisation
from tests.support.people import people_of

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[9.6, 45.6], [9.7, 45.6], [9.7, 45.7], [9.6, 45.7], [9.6, 45.6]]],
}


@pytest.fixture
def house(session):
    return make_organisation(session)


@pytest.fixture
def people(app, session, house):
    return people_of(app, session, house)


def only_area(session) -> DeliveryArea:
    session.expire_all()
    return session.scalars(sa.select(DeliveryArea)).one()


@pytest.mark.parametrize(
    "data, stored",
    [
        ({"kind": "radius", "radius_m": "12,5"}, {"radius_m": 12_500}),
        (
            {"kind": "comuni", "comuni": "Clusone\nAlbino, Treviglio"},
            {"codes": ["016004", "016077", "016219"]},
        ),
        ({"kind": "province", "provinces": "bs, BG"}, {"codes": ["BG", "BS"]}),
        ({"kind": "polygon", "polygon": json.dumps(SQUARE)}, {"polygon": SQUARE}),
    ],
)
def test_an_area_of_each_kind_is_added_and_the_index_told(people, house, session, data, stored):
    page = f"/organisations/{house.slug}/areas"
    more = {"minimum_cents": "30,00", "days": ["2", "5"]}
    assert people.editor.post(page, data=data | more).status_code == 302
    area = only_area(session)
    assert (area.kind, area.minimum_cents, area.days) == (data["kind"], 3000, [2, 5])
    for name in ("radius_m", "codes", "polygon"):
        assert getattr(area, name) == stored.get(name)
    assert session.scalar(sa.select(OutboxEntry.payload)) == {"id": house.id}
    assert people.editor.get(page).status_code == 200
    assert people.editor.get(f"/areas/{area.id}/edit").status_code == 200


def test_a_polygon_comes_as_a_file_too(people, house, session):
    data = {
        "kind": "polygon",
        "polygon_file": (
            io.BytesIO(json.dumps({"type": "Feature", "geometry": SQUARE}).encode()),
            "../../zona.geojson",
        ),
    }
    assert people.owner.post(f"/organisations/{house.slug}/areas", data=data).status_code == 302
    assert only_area(session).polygon["type"] == "Polygon"


@pytest.mark.parametrize(
    "data, field",
    [
        ({"kind": "radius"}, "radius_m"),
        ({"kind": "radius", "radius_m": "1000000000"}, "radius_m"),
        ({"kind": "radius", "radius_m": "-5"}, "radius_m"),
        ({"kind": "comuni"}, "comuni"),
        ({"kind": "comuni", "comuni": "Atlantide"}, "comuni"),
        ({"kind": "comuni", "comuni": "Samone"}, "comuni"),
        ({"kind": "province", "provinces": "BG, XX"}, "provinces"),
        ({"kind": "polygon"}, "polygon"),
        ({"kind": "polygon", "polygon": "[" * 100_000}, "polygon"),
        ({"kind": "polygon", "polygon": '{"type": "Point", "coordinates": [9, 45]}'}, "polygon"),
        ({"kind": "polygon", "polygon": json.dumps(SQUARE).replace("45.7", "195.7")}, "polygon"),
        ({"kind": "world"}, "kind"),
        ({"kind": "radius", "radius_m": "5", "days": ["9"]}, "days"),
        ({"kind": "radius", "radius_m": "5", "minimum_cents": "1e5"}, "minimum_cents"),
    ],
)
def test_what_is_no_area_is_refused_beside_its_box(people, house, session, data, field):
    answer = people.editor.post(f"/organisations/{house.slug}/areas", data=data)
    assert answer.status_code == 200
    assert f'id="{field}-error"' in answer.text
    assert session.scalar(sa.select(DeliveryArea)) is None


def test_a_file_that_is_no_text_is_refused(people, house, session):
    data = {"kind": "polygon", "polygon_file": (io.BytesIO(b"\xff\xfe\x00\xd8"), "a.geojson")}
    assert people.editor.post(f"/organisations/{house.slug}/areas", data=data).status_code == 200
    assert session.scalar(sa.select(DeliveryArea)) is None


def test_an_area_is_changed_into_another_kind(people, house, session):
    area = make_area(session, house, lat=45.8, lon=9.8)
    data = {"kind": "province", "provinces": "BG", "radius_m": "7", "organisation_id": "1", "id": "9"}
    assert people.editor.post(f"/areas/{area.id}/edit", data=data).status_code == 302
    changed = only_area(session)
    assert (changed.kind, changed.codes, changed.radius_m, changed.lat) == ("province", ["BG"], None, None)
    assert changed.organisation_id == house.id


def test_areas_are_changed_and_removed_by_editors_of_their_organisation_only(people, house, session):
    area = make_area(session, house)
    data = {"kind": "radius", "radius_m": "1"}
    for browser, status in ((people.member, 403), (people.stranger, 404), (people.anonymous, 302)):
        assert browser.post(f"/areas/{area.id}/edit", data=data).status_code == status
        assert browser.post(f"/areas/{area.id}/remove").status_code == status
        assert browser.post(f"/organisations/{house.slug}/areas", data=data).status_code == status
    assert only_area(session).radius_m == 30_000
    assert people.editor.post(f"/areas/{area.id}/remove").status_code == 302
    session.expire_all()
    assert session.scalar(sa.select(DeliveryArea)) is None


def test_every_refusal_of_a_polygon_has_words_of_its_own():
    assert set(POLYGON_REFUSALS) == CODES


@pytest.mark.parametrize(
    ("polygon", "said"),
    [
        ("{", "Non è GeoJSON"),
        ('{"type": "Point", "coordinates": [9, 45]}', "Deve essere un’area"),
        (
            '{"type": "Polygon", "coordinates": [[[9.6,45.6],[9.7,45.7],[9.7,45.6],[9.6,45.7],[9.6,45.6]]]}',
            "Il contorno si incrocia o si tocca: spostate i vertici. Succede a 45.65000, 9.65000.",
        ),
    ],
)
def test_a_polygon_is_refused_in_italian(people, house, polygon, said):
    page = people.editor.post(
        f"/organisations/{house.slug}/areas", data={"kind": "polygon", "polygon": polygon}
    )
    assert said in page.text
