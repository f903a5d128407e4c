"""A seat whose geocoder does not answer (ordeal 12): saved at once without a point, looked up again, bounded."""

import json

import pytest
import sqlalchemy as sa

from geo.nominatim import Nominatim
from geo.pacing import Pace
from marketplace import engines
from marketplace.audit import AuditEvent
from marketplace.clock import utc_now
from marketplace.organisations.locating import MAX_ATTEMPTS, locate_again, wait_after
from marketplace.organisations.models import Organisation
from marketplace.outbox import OutboxEntry, Topic
from tests.factories import NOW, make_organisation
from tests.geo.nominatim_server import nominatim_server
from tests.support.people import people_of

SEAT = {"near": "Clusone (BG)", "address": "via Fantoni 1", "lat": "", "lon": ""}
CLUSONE = "016077"


def hang(handler):
    handler.rfile.read()


FAULTS = {
    "500": lambda handler: handler.answer(b"", status=500),
    "HTML": lambda handler: handler.answer(b"<!doctype html><p>Sorry", content_type="text/html"),
    "10 MB": lambda handler: handler.answer(b" " * 10_000_000),
    "silence": hang,
}


@pytest.fixture
def farm(session):
    return make_organisation(session, slug="orto", comune=None, province=None, lat=None, lon=None)


@pytest.fixture
def people(app, session, farm):
    return people_of(app, session, farm)


@pytest.fixture
def server(app, monkeypatch):
    """A Nominatim that the application asks, which gives up after a moment; its real limit is 2.5 s."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with nominatim_server(engines.comuni()) as running:
        asking = Nominatim(
            engines.comuni(), url=running.url, user_agent="tests (a@example.org)", pace=Pace(0.0), total_s=0.3
        )
        monkeypatch.setitem(app.config, "GEOCODER", "nominatim")
        monkeypatch.setitem(app.extensions.setdefault("engines", {}), "geocoder", asking)
        yield running


def seat_of(session):
    session.expire_all()
    farm = session.scalars(sa.select(Organisation).where(Organisation.slug == "orto")).one()
    return farm.comune, farm.lat, farm.locate_after


@pytest.mark.parametrize("fault", FAULTS)
def test_the_seat_is_saved_without_a_point_and_marked(people, session, server, fault):
    server.misbehave = FAULTS[fault]
    before = utc_now()
    assert people.owner.post("/organisations/orto/profile/seat", data=SEAT).status_code == 302
    comune, lat, after = seat_of(session)
    assert (comune, lat) == (CLUSONE, None)
    assert before + wait_after(0) <= after <= utc_now() + wait_after(0)


def test_a_point_that_was_chosen_needs_nobody(people, session, server):
    server.misbehave = FAULTS["500"]
    people.owner.post("/organisations/orto/profile/seat", data=SEAT | {"lat": "45.888", "lon": "9.949"})
    assert seat_of(session) == (CLUSONE, 45.888, None)


def unlocated(session, farm):
    farm.comune, farm.province, farm.address = CLUSONE, "BG", "via Fantoni 1"
    farm.locate_after = NOW
    session.commit()


def test_the_worker_finds_the_address_once_the_geocoder_answers(people, session, farm, server):
    unlocated(session, farm)
    comune = engines.comuni().get(CLUSONE)
    road = {
        "lat": str(comune.lat + 0.001), "lon": str(comune.lon), "addresstype": "road",
        "display_name": "Via Fantoni, Clusone", "address": {},
    }  # fmt: skip
    server.misbehave = lambda handler: handler.answer(json.dumps([road]).encode())
    assert locate_again(session, NOW - wait_after(0)) == 0
    assert locate_again(session, NOW) == 1
    assert seat_of(session) == (CLUSONE, comune.lat + 0.001, None)
    assert server.asked == ["via Fantoni 1, Clusone, BG"]


def test_an_address_that_nobody_knows_or_that_lies_elsewhere_is_its_municipality(
    people, session, farm, server
):
    unlocated(session, farm)
    assert locate_again(session, NOW) == 1
    assert seat_of(session)[1] == pytest.approx(engines.comuni().get(CLUSONE).lat)


def test_after_a_few_attempts_the_owner_is_told_and_the_municipality_is_taken(people, session, farm, server):
    unlocated(session, farm)
    server.misbehave = FAULTS["500"]
    now, waits = NOW, []
    while (due := seat_of(session)[2]) is not None:
        waits.append(due - now)
        now = due
        assert locate_again(session, now) == (len(waits) == MAX_ATTEMPTS)
    assert waits[1:] == [wait_after(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    (mail,) = session.scalars(sa.select(OutboxEntry.payload).where(OutboxEntry.topic == Topic.MAIL)).all()
    assert (mail["to"], "/orto/profile/seat" in mail["text"]) == (people.persons["owner"].email, True)
    assert seat_of(session)[1] is not None
    verbs = session.scalars(sa.select(AuditEvent.verb).order_by(AuditEvent.id)).all()
    assert verbs == ["organisation.not_located"] * MAX_ATTEMPTS + ["organisation.located"]


def test_who_puts_the_point_meanwhile_is_not_overruled(people, session, farm, server):
    unlocated(session, farm)

    def moved(handler):
        handler.answer(b"", status=500)

    server.misbehave = moved
    people.owner.post("/organisations/orto/profile/seat", data=SEAT | {"lat": "45.888", "lon": "9.949"})
    assert locate_again(session, NOW) == 0
    assert seat_of(session) == (CLUSONE, 45.888, None)
