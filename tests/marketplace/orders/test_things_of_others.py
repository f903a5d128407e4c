"""Ordeals 27 to 29 on everything about orders: ids of another group's, fields that no form has, and rights that are gone."""

import pytest
import sqlalchemy as sa
import time_machine

from marketplace.db import Model, db
from marketplace.ledger import entries
from marketplace.ledger.models import Account, Entry
from marketplace.ledger.movement_kinds import KINDS
from marketplace.ledger.operations import record_movement
from marketplace.orders.booking_models import Basket, Booking
from marketplace.orders.models import CycleCost, OrderCycle, Shift
from marketplace.organisations.models import Kind, MemberRole, Membership
from tests.factories import (
    NOW,
    make_booking,
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)
from tests.support.people import browser_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

#: What no form of ours has a field for.
EXTRA = {
    "role": "owner",
    "organisation_id": "1",
    "total_cents": "1",
    "status": "settled",
    "id": "1",
    "paid": "1",
}
#: What forms ask before they look at anything else.
PLAUSIBLE = {"key": "k", "version": "0", "amount": "5"}
#: Routes about orders and what belongs to them.
ABOUT = ("/orders/<", "/organisations/<slug>/cassa", "/organisations/<slug>/households")
#: Left out: a year is no id, and the cassa itself has none beside its group's.
NUMBERS = ("year", "series_id", "run_id", "import_id", "line_id", "invoice_id")


class Group:
    """A group with everything that an order brings: household, booking, place, cost, shift, movement."""

    def __init__(self, session):
        self.group, self.editor = make_organisation(session, kinds=(Kind.BUYING_GROUP,)), make_user(session)
        make_membership(session, self.editor, self.group, MemberRole.OWNER)
        home = make_household(session, self.group, self.editor)
        cycle = make_cycle(session, self.group, fixed_at=NOW, closes_at=NOW)
        product = make_cycle_product(session, cycle)
        basket = make_booking(session, cycle, home, product).basket
        place = cycle.groups[0].places[0]
        cost = CycleCost(
            cycle_id=cycle.id, kind="transport", label="Furgone", amount=5, split_by="price", stored_as="x"
        )
        shift = Shift(place_id=place.id, household_id=home.id, starts_at=NOW, ends_at=NOW)
        session.add_all([cost, shift])
        session.commit()
        entry = record_movement(
            session, self.editor, self.group.id, entries.advance(home.id, 500), now=NOW, key=f"a{home.id}"
        )
        self.ids = {
            "slug": self.group.slug, "cycle_id": cycle.id, "household_id": home.id, "product_id": product.id,
            "basket_id": basket.id, "place_id": place.id, "cost_id": cost.id, "shift_id": shift.id,
            "group_id": cycle.groups[0].id, "source_id": cycle.sources[0].id, "entry_id": entry.id,
            "account_id": session.scalar(sa.select(Account.id).where(Account.household_id == home.id)),
        }  # fmt: skip


#: Parts of addresses that name nothing of anybody's.
WORDS = {
    "form": "list", "what": "withdraw", "answer": "admit", "turn": "take", "verdict": "accept", "step": "again",
    "file_kind": "pdf", "kind": "csv", "ending": "pdf", "change": "book",
}  # fmt: skip


@pytest.fixture
def groups(session):
    return Group(session), Group(session)


def addresses(app, values):
    """Every route about orders with these ids, as method, path and the ids in it."""
    for rule in app.url_map.iter_rules():
        needed = set(rule.arguments) - set(WORDS)
        if rule.rule.startswith(ABOUT) and needed <= set(values) and needed - {"slug"}:
            path = app.url_map.bind("").build(rule.endpoint, {name: values[name] for name in needed} | {
                name: word for name, word in WORDS.items() if name in rule.arguments
            })  # fmt: skip
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, path, needed


def everything() -> dict[str, list]:
    """All rows of all tables but for what every request writes."""
    rows = {}
    for table in Model.metadata.sorted_tables:
        if table.name not in {"rate_limit", "session"}:
            rows[table.name] = sorted(map(repr, db.session.execute(sa.select(table)).all()))
    return rows


def test_ids_of_another_group_are_not_there_and_nothing_changes(app, session, groups):
    mine, theirs = groups
    before = everything()
    asked, wrong = 0, []
    with time_machine.travel(NOW, tick=False):
        browser = browser_of(app, mine.editor)
        # all foreign; under one's own group's address; under one's own order's and place's
        for own in ((), ("slug",), ("slug", "cycle_id"), ("slug", "cycle_id", "place_id")):
            values = theirs.ids | {name: mine.ids[name] for name in own}
            for method, path, names in addresses(app, values):
                if names <= set(own):
                    continue
                asked += 1
                form = EXTRA | PLAUSIBLE | {name.removesuffix("_id"): id_ for name, id_ in theirs.ids.items()}
                answer = browser.open(path, method=method, data=form if method == "POST" else None)
                if answer.status_code != 404:
                    wrong.append((method, path, answer.status_code))
    session.expire_all()
    assert not wrong, wrong
    assert asked > 150
    assert everything() == before


def test_ids_of_another_group_in_a_body_are_not_taken(app, session, groups):
    mine, theirs = groups
    cycle = session.get_one(OrderCycle, mine.ids["cycle_id"])
    cycle.fixed_at, cycle.closes_at = None, NOW.replace(year=NOW.year + 1)
    session.commit()
    before = everything()
    way, cassa = f"/orders/{cycle.id}", f"/organisations/{mine.group.slug}/cassa"
    kind = next(name for name, one in KINDS.items() if "household" in one.asks)
    form = {"version": "1", "key": "k", "household": str(mine.ids["household_id"])}
    shift = {"starts_at": "2026-11-30T18:00", "ends_at": "2026-11-30T20:00", "household": "0"}
    cost = {"kind": "transport", "label": "x", "amount": "1", "split_by": "price"}
    sent = [
        (f"{way}/book", form | {"household": str(theirs.ids["household_id"])}),
        (f"{way}/book", form | {f"q-{theirs.ids['product_id']}": "2"}),
        (f"{way}/book", form | {f"q-{mine.ids['product_id']}": "2", "place": str(theirs.ids["place_id"])}),
        (f"{way}/shifts", shift | {"place": str(theirs.ids["place_id"])}),
        (f"{way}/shifts", shift | {"place": str(mine.ids["place_id"]), "household": str(theirs.ids["household_id"])}),
        (f"{way}/costs", cost | {"group": str(theirs.ids["group_id"]), "group_id": str(theirs.ids["group_id"])}),
        (f"{way}/costs", cost | {"source": str(theirs.ids["source_id"]), "source_id": str(theirs.ids["source_id"])}),
        (f"{cassa}/new?kind={kind}", {"day": "2026-11-20", "household": str(theirs.ids["household_id"]), "amount": "5"}),
        (f"{way}/delivery/actions", None),
    ]  # fmt: skip
    with time_machine.travel(NOW, tick=False):
        browser = browser_of(app, mine.editor)
        for path, data in sent:
            answer = browser.post(path, data=data) if data else browser.post(path, json={
                "place": theirs.ids["place_id"],
                "actions": [{"key": "1", "kind": "collected", "basket": theirs.ids["basket_id"], "value": True, "seen": 0}],
            })  # fmt: skip
            assert answer.status_code in (400, 404, 409), (
                path,
                data,
                answer.status_code,
                answer.text[-2000:],
            )
    session.expire_all()
    assert everything() == before


def test_what_no_form_has_a_field_for_is_never_stored(app, session, groups):
    mine, theirs = groups
    cycle = session.get_one(OrderCycle, mine.ids["cycle_id"])
    cycle.fixed_at, cycle.closes_at = None, NOW.replace(year=NOW.year + 1)
    session.commit()
    way, home = f"/orders/{cycle.id}", f"/organisations/{mine.group.slug}"
    with time_machine.travel(NOW, tick=False):
        browser = browser_of(app, mine.editor)
        booked = EXTRA | {"version": "1", "key": "k", "household": str(mine.ids["household_id"])}
        assert (
            browser.post(f"{way}/book", data=booked | {f"q-{mine.ids['product_id']}": "2"}).status_code == 302
        )
        cost = EXTRA | {"kind": "transport", "label": "x", "amount": "1", "split_by": "price"}
        assert browser.post(f"{way}/costs", data=cost).status_code == 302
        assert browser.post(f"{home}/households", data=EXTRA | {"name": "Nuova"}).status_code in (
            302,
            404,
            405,
        )
    session.expire_all()
    basket = session.get_one(Basket, mine.ids["basket_id"])
    assert (basket.paid, basket.household_id, basket.cycle_id) == (None, mine.ids["household_id"], cycle.id)
    assert session.scalar(
        sa.select(Booking.quantity).where(Booking.basket_id == basket.id)
    ) == 2000  # fmt: skip
    assert (cycle.organisation_id, cycle.settled_at) == (mine.group.id, None)
    assert set(session.scalars(sa.select(CycleCost.cycle_id))) == {cycle.id, theirs.ids["cycle_id"]}
    assert session.scalar(sa.select(sa.func.count(Entry.id))) == 2
    role = sa.select(Membership.role).where(Membership.person_id == mine.editor.id)
    assert session.scalar(role) == MemberRole.OWNER


def test_who_is_no_longer_a_referente_or_a_member_is_out_on_the_next_request(app, session, groups):
    mine, _theirs = groups
    ids = mine.ids
    pages = {
        f"/orders/{ids['cycle_id']}/costs": 403,
        f"/orders/{ids['cycle_id']}/settle": 403,
        f"/organisations/{ids['slug']}/cassa": 403,
        f"/orders/{ids['cycle_id']}/delivery": 404,
        f"/orders/{ids['cycle_id']}/delivery/{ids['place_id']}": 404,
        f"/orders/{ids['cycle_id']}/book": 200,
    }
    with time_machine.travel(NOW.replace(year=NOW.year + 1), tick=False):
        browser = browser_of(app, mine.editor)
        assert {browser.get(path).status_code for path in pages} == {200}
        session.execute(
            sa.update(Membership).where(Membership.person_id == mine.editor.id).values(role=MemberRole.MEMBER)
        )
        session.commit()
        assert {path: browser.get(path).status_code for path in pages} == pages
        session.execute(sa.delete(Membership).where(Membership.person_id == mine.editor.id))
        session.commit()
        assert {browser.get(path).status_code for path in pages} == {404}
        assert browser.post(f"/orders/{ids['cycle_id']}/book", data={"key": "k"}).status_code == 404
