"""Visits: written down by an editor of a purchasing group, a decision by a network with the district's delegation."""

from datetime import date

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.organisations.evidence_models import ClaimCheck
from marketplace.organisations.models import Claim, Kind, MemberRole, Status
from tests.factories import NOW, make_claim, make_delegation, make_membership, make_organisation, make_user
from tests.support.people import browser_of


@pytest.fixture
def group(app, session):
    """A browser of somebody in a group, with the group's id."""

    def make(kind=Kind.BUYING_GROUP, role=MemberRole.EDITOR, **overrides):
        made = make_organisation(session, kinds=(kind,), **{"name": "GAS Trescore"} | overrides)
        person = make_user(session)
        make_membership(session, person, made, role)
        session.commit()
        return browser_of(app, person), made

    return make


def write(browser, farm, signer, **overrides):
    data = {
        "signer": signer,
        "criterion": "agroecology",
        "day": "2026-05-02",
        "notes": "Siepi, rotazioni, nessun diserbo",
    }
    return browser.post(f"/organisations/{farm.slug}/visits/new", data=data | overrides)


def test_a_visit_is_shown_with_the_group_and_the_day(people, session, farm, group):
    browser, gas = group()
    assert f"/organisations/{farm.slug}/visits/new" in browser.get(f"/organisations/{farm.slug}").text
    assert write(browser, farm, f"{gas.id}:visited").status_code == 302
    (claim,) = session.scalars(sa.select(Claim)).all()
    assert claim.details == {"visitor": "GAS Trescore", "date": "2026-05-02"}
    assert (claim.proof, claim.organisation_id) == ("visited", farm.id)
    assert claim.verified_at is not None
    check = session.scalar(sa.select(ClaimCheck))
    assert (check.network_id, check.note) == (gas.id, "Siepi, rotazioni, nessun diserbo")
    page = people.anonymous.get(f"/organisations/{farm.slug}?lang=it").text
    assert "GAS Trescore" in page
    assert "2 maggio 2026" in page
    assert "nessun diserbo" not in page
    assert "nessun diserbo" in people.member.get(f"/organisations/{farm.slug}/evidence").text


def test_the_group_takes_its_visit_back_and_the_audit_remembers(people, session, farm, group):
    browser, gas = group()
    write(browser, farm, f"{gas.id}:visited")
    claim = session.scalars(sa.select(Claim)).one()
    list_of_visits = f"/organisations/{gas.slug}/visits"
    assert f"/claims/{claim.id}/take-back" in browser.get(list_of_visits).text
    other, _gas = group()
    for stranger in (people.owner, other):
        assert stranger.get(list_of_visits).status_code == 404
        assert stranger.post(f"/claims/{claim.id}/take-back").status_code == 404
    assert browser.post(f"/claims/{claim.id}/take-back").location == list_of_visits
    assert session.scalars(sa.select(Claim)).all() == []
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.verb == "claim.taken_back")).one()
    assert (event.details["group_id"], event.details["organisation_id"]) == (gas.id, farm.id)


def test_what_a_network_only_checked_is_not_its_own_to_take_back(session, farm, group):
    browser, network = group(kind=Kind.NETWORK)
    claim = make_claim(session, farm, criterion="agroecology", proof="visited")
    session.add(ClaimCheck(claim_id=claim.id, at=NOW, network_id=network.id, verdict="verified"))
    session.commit()
    assert browser.post(f"/claims/{claim.id}/take-back").status_code == 404


def test_who_was_visited_withdraws_the_words_of_a_group_and_does_not_change_them(
    people, session, farm, group
):
    browser, gas = group()
    write(browser, farm, f"{gas.id}:visited")
    claim = session.scalars(sa.select(Claim)).one()
    address = f"/claims/{claim.id}"
    assert f"{address}/edit" not in people.owner.get(f"/organisations/{farm.slug}/evidence").text
    assert people.owner.post(f"{address}/edit", data={"visitor": "Un altro"}).status_code == 404
    assert people.owner.post(f"{address}/withdraw").status_code == 302
    assert session.scalars(sa.select(Claim)).all() == []


def test_the_same_visit_twice_is_one(session, farm, group):
    browser, gas = group()
    for _ in range(2):
        write(browser, farm, f"{gas.id}:visited")
    assert len(session.scalars(sa.select(Claim)).all()) == 1


def test_only_editors_of_active_groups_who_do_not_belong_to_it(people, session, farm, group):
    member, gas = group(role=MemberRole.MEMBER)
    suspended, other = group(status=Status.SUSPENDED)
    producer, third = group(kind=Kind.PRODUCER)
    for browser, signer in ((member, gas), (suspended, other), (producer, third), (people.owner, farm)):
        assert write(browser, farm, f"{signer.id}:visited").status_code == 404
    assert write(people.anonymous, farm, f"{gas.id}:visited").status_code == 302
    assert session.scalars(sa.select(Claim)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2099-01-01"},
        {"notes": "  "},
        {"criterion": "organic"},
        {"signer": "1:certified"},
        {"signer": "x"},
    ],
)
def test_what_cannot_be_is_told(session, farm, group, wrong):
    browser, gas = group()
    assert write(browser, farm, **{"signer": f"{gas.id}:visited"} | wrong).status_code == 200
    assert session.scalars(sa.select(Claim)).all() == []


def test_a_guarantee_decides_where_the_district_delegated_it(session, farm, group):
    browser, network = group(kind=Kind.NETWORK, name="SPG Prova")
    signer = {"signer": f"{network.id}:peer", "expires": "2099-05-01"}
    assert write(browser, farm, **signer).status_code == 404
    delegation = make_delegation(session, network, "agroecology", provinces=["MI"])
    session.commit()
    assert write(browser, farm, **signer).status_code == 404
    delegation.provinces = ["BG"]
    session.commit()
    assert write(browser, farm, **signer | {"expires": ""}).status_code == 200
    assert write(browser, farm, **signer).status_code == 302
    (claim,) = session.scalars(sa.select(Claim)).all()
    assert (claim.proof, claim.details["spg"], claim.expires) == ("peer", "SPG Prova", date(2099, 5, 1))
