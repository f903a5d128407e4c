"""The desk lets member networks check what they know."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.organisations.joining_models import Delegation
from marketplace.organisations.models import Kind, Status
from tests.factories import make_organisation, make_user
from tests.support.people import browser_of, people_of


@pytest.fixture
def secretary(app, session):
    person = make_user(session, duties=("secretariat",))
    session.commit()
    return browser_of(app, person)


@pytest.fixture
def network(session):
    return make_organisation(session, kinds=(Kind.NETWORK,), name="Rete di prova")


def test_a_delegation_names_criterion_provinces_and_its_last_day(secretary, session, network):
    data = {"network": network.id, "criterion": "agroecology", "provinces": "bg, BS", "until": "2031-05-31"}
    assert secretary.post("/desk/delegations", data=data).status_code == 302
    made = session.scalar(sa.select(Delegation))
    assert (made.network_id, made.criterion, made.provinces) == (network.id, "agroecology", ["BG", "BS"])
    # the day counts to its end in Europe/Rome
    assert made.until == datetime(2031, 5, 31, 22, 0, tzinfo=UTC)
    assert "Rete di prova" in secretary.get("/desk/delegations").text


def test_without_provinces_and_day_it_holds_everywhere_until_it_is_ended(secretary, session, network):
    secretary.post("/desk/delegations", data={"network": network.id, "criterion": "agroecology"})
    made = session.scalar(sa.select(Delegation))
    assert (made.provinces, made.until) == ([], None)
    assert secretary.post(f"/desk/delegations/{made.id}/end").status_code == 302
    session.refresh(made)
    assert made.until is not None
    assert f"/desk/delegations/{made.id}/end" not in secretary.get("/desk/delegations").text


@pytest.mark.parametrize(
    "change",
    [
        {"criterion": "invented"},
        {"provinces": "BG, XX"},
        {"until": "2020-01-01"},
        {"until": "soon"},
        {"network": "0"},
        {"network": "x"},
    ],
)
def test_what_cannot_be_delegated_is_refused(secretary, session, network, change):
    data = {"network": network.id, "criterion": "agroecology"} | change
    assert secretary.post("/desk/delegations", data=data).status_code == 200
    assert session.scalar(sa.select(Delegation)) is None


def test_only_to_a_network_that_stands(secretary, session):
    for other in (
        make_organisation(session),
        make_organisation(session, kinds=(Kind.NETWORK,), status=Status.SUSPENDED),
    ):
        secretary.post("/desk/delegations", data={"network": other.id, "criterion": "agroecology"})
    assert session.scalar(sa.select(Delegation)) is None


def test_the_network_itself_delegates_nothing(app, session, network):
    people = people_of(app, session, network)
    now = datetime.now(UTC)
    made = Delegation(
        network_id=network.id, criterion="agroecology", provinces=[], since=now - timedelta(days=1)
    )
    session.add(made)
    session.commit()
    data = {"network": network.id, "criterion": "organic"}
    for browser in (people.owner, people.stranger):
        assert browser.post("/desk/delegations", data=data).status_code == 404
        assert browser.post(f"/desk/delegations/{made.id}/end").status_code == 404
    session.refresh(made)
    assert made.until is None
    assert session.scalar(sa.select(sa.func.count()).select_from(Delegation)) == 1
