"""Groups are told that their needs add up, open a common one with a click, and agree each by itself."""

from datetime import timedelta

import pytest

from marketplace.demands import values
from marketplace.demands.models import DemandType
from marketplace.demands.values import readable
from marketplace.engines import index_engine
from marketplace.errors import Conflict, NotFound
from marketplace.index_upkeep import rebuild
from marketplace.organisations.models import Kind, MemberRole
from marketplace.pooling.letters import tell_of_pools
from marketplace.pooling.missing import gaps
from marketplace.pooling.operations import agree, leave, open_common_need
from marketplace.pooling.queries import open_pools, pooled_needs
from tests.factories import (
    NOW,
    make_area,
    make_demand,
    make_lot,
    make_membership,
    make_offer,
    make_organisation,
    make_user,
)
from tests.support.lost_index import lose_index
from tests.support.mails import mails
from tests.support.people import browser_of
from tests.support.sql import counted_statements

ORANGES = "food.fruit"


def group(session, quantity, kind=Kind.BUYING_GROUP, **changes):
    organisation = make_organisation(session, kinds=(kind,))
    person = make_user(session)
    make_membership(session, person, organisation, MemberRole.EDITOR)
    lot = make_lot(category=ORANGES, quantity=quantity, unit="kg")
    return person, make_demand(session, organisation, lots=(lot,), **changes)


@pytest.fixture
def index_taken_back(app):
    """The application is shared: an index left behind would answer the next test from rows that are gone."""
    yield
    with app.app_context():
        lose_index()


@pytest.fixture
def oranges(session):
    grower = make_organisation(session)
    make_area(session, grower)
    return make_offer(session, grower, category=ORANGES, title="Arance", minimum=100_000)


@pytest.fixture
def two(session, oranges):
    return group(session, 60_000), group(session, 50_000)


def test_all_are_told_once(session, two):
    session.commit()
    assert tell_of_pools(session, NOW) == 2
    assert tell_of_pools(session, NOW + timedelta(days=1)) == 0
    assert {mail["to"] for mail in mails(session)} == {person.email for person, _demand in two}
    assert all(mail["unsubscribe"] for mail in mails(session))


def test_needs_of_public_bodies_closed_ones_and_drafts_add_up_with_nothing(session, oranges):
    group(session, 60_000)
    group(session, 60_000, Kind.LOCAL_AUTHORITY, type=DemandType.QUOTE_REQUEST)
    group(session, 60_000, closes_at=NOW)
    group(session, 60_000, published_at=None)
    assert open_pools(session, NOW) == []


def test_a_common_need_is_what_the_groups_that_agreed_need(session, oranges, two):
    (coordinator, own), (other, theirs) = two
    common = open_common_need(session, coordinator, own.id, oranges.id, now=NOW)
    assert common.lots[0].quantity == 60_000
    assert [row.agreed_at for row in pooled_needs(session, common.id)] == [NOW, None]
    assert [mail["to"] for mail in mails(session)] == [other.email]
    for _twice in range(2):
        agree(session, other, common.id, theirs.id, now=NOW)
    assert common.lots[0].quantity == 110_000
    leave(session, other, common.id, theirs.id, now=NOW)
    assert common.lots[0].quantity == 60_000
    with pytest.raises(Conflict):
        leave(session, coordinator, common.id, own.id, now=NOW)


def test_what_is_joined_already_is_not_joined_again(session, oranges, two):
    (coordinator, own), _other = two
    open_common_need(session, coordinator, own.id, oranges.id, now=NOW)
    assert open_pools(session, NOW) == []
    with pytest.raises(Conflict):
        open_common_need(session, coordinator, own.id, oranges.id, now=NOW)


def test_nobody_opens_or_agrees_for_others(session, oranges, two):
    (coordinator, own), (_other, theirs) = two
    with pytest.raises(NotFound):
        open_common_need(session, make_user(session), own.id, oranges.id, now=NOW)
    common = open_common_need(session, coordinator, own.id, oranges.id, now=NOW)
    with pytest.raises(NotFound):
        agree(session, coordinator, common.id, theirs.id, now=NOW)


def test_the_page_leads_to_the_common_need(app, session, oranges, two):
    (coordinator, own), (other, theirs) = two
    session.commit()
    mine, yours = browser_of(app, coordinator), browser_of(app, other)
    page = mine.get(f"/demands/{own.id}/pooling").text
    assert "Arance" in page
    assert "110\N{NO-BREAK SPACE}kg" in page
    answer = mine.post(f"/demands/{own.id}/pooling/open", data={"offer": str(oranges.id)})
    assert answer.status_code == 302
    common_id = answer.headers["Location"].split("/")[2]
    address = f"/demands/{theirs.id}/pooling"
    assert f'value="{common_id}"' in yours.get(address).text
    yours.post(f"{address}/agree", data={"common": common_id})
    assert mine.get(f"/demands/{common_id}/pooling").text.count("ha aderito") == 2


def test_a_public_body_sees_the_thresholds_with_their_source_and_nothing_to_join(app, session):
    clerk, request = group(session, 60_000, Kind.LOCAL_AUTHORITY, type=DemandType.QUOTE_REQUEST)
    session.commit()
    page = browser_of(app, clerk).get(f"/demands/{request.id}/pooling").text
    assert "140.000,00" in page
    assert "D.Lgs. 36/2023, art. 50" in page
    assert '<form method="post" action="/demands' not in page


def test_the_map_of_what_is_missing_says_why_and_where(app, client, session, oranges, index_taken_back):
    group(session, 1_000, title="Arance dolci")
    closed = group(session, 1_000, title="Arance amare", closes_at=NOW)[1]
    unmet = make_demand(
        session, make_organisation(session), title="Pulizie", lots=(make_lot(category="cleaning"),)
    )
    session.commit()
    with app.app_context():
        rebuild(session, index_engine())
    found = {gap.category: gap for gap in gaps(session, NOW + timedelta(hours=1))}
    assert set(found) == {ORANGES, "cleaning"}
    assert (found[ORANGES].without_answer, found[ORANGES].demands) == (1, [(closed.id, "Arance amare")])
    assert (found["cleaning"].without_supplier, found["cleaning"].demands) == (1, [(unmet.id, "Pulizie")])
    assert found["cleaning"].comune == "016024"
    page = client.get("/demands/missing").text
    assert "Pulizie" in page
    assert "Arance dolci" not in page


def test_a_demand_that_cannot_be_read_is_passed_over_and_the_log_says_which(app, session, caplog):
    """A category that has gone since, a word that never was one; told once a process."""
    values._tell.cache_clear()
    unmet = make_demand(session, lots=(make_lot(category="cleaning"),))
    gone = make_demand(session, lots=(make_lot(category="no.such.category"),))
    odd = make_demand(session, mode="balloon")
    session.commit()
    assert [demand.id for demand, _value in readable([gone, unmet, odd])] == [unmet.id]
    assert readable([gone, gone]) == []
    told = [record.getMessage() for record in caplog.records if record.name == "marketplace.demands.values"]
    assert [f"Demand {gone.id} " in told[0], f"Demand {odd.id} " in told[1]] == [True, True]
    assert len(told) == 2
    found = gaps(session, NOW + timedelta(hours=1))
    assert [gap.demands for gap in found] == [[(unmet.id, unmet.title)]]


def test_the_map_asks_no_more_for_many_than_for_one(app, session, index_taken_back):
    def asked() -> int:
        session.expire_all()
        with counted_statements(app) as sent:
            gaps(session, NOW + timedelta(hours=1))
        return len(sent)

    group(session, 1_000)
    session.commit()
    rebuild(session, index_engine())
    one = asked()
    for _more in range(5):
        group(session, 1_000)
    assert asked() == one
