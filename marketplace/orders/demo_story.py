"""The demonstration's group order: open, with two groups and what their households booked, so that it can be seen and tried.

Told beside the dataset (``data/demo_story``), because its moments count from the instant of loading, and through the
operations that everybody uses. Everybody in it is invented.
"""

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.config import DATA
from marketplace.households.models import Household
from marketplace.households.operations import add_household
from marketplace.orders.booking_operations import Line, save_basket
from marketplace.orders.group_operations import answer_group, ask_to_join
from marketplace.orders.models import OrderCycle
from marketplace.orders.opening_operations import CycleValues, Place, confirm_cycle, draft_cycle
from marketplace.orders.recurrence import wall_moment
from marketplace.orders.sources import SourceKey
from marketplace.organisations.letters import owners_of
from marketplace.organisations.models import MemberRole, Membership, Organisation
from marketplace.rome_time import ROME

STORY = DATA / "demo_story" / "order.json"


def tell_order(session: Session, now: datetime) -> int:
    """Write the order if it is not there yet; how many. Raises KeyError where the dataset lacks somebody named in it."""
    story = json.loads(STORY.read_text(encoding="utf-8"))
    told = sa.select(OrderCycle.id).where(OrderCycle.demo, OrderCycle.title == story["title"])
    if session.scalar(told) is not None:
        return 0
    keys = [story["supplier"], *(group["organisation"] for group in story["groups"])]
    organisations = {
        row.key: row for row in session.scalars(sa.select(Organisation).where(Organisation.key.in_(keys)))
    }
    first, *others = [(organisations[group["organisation"]], group) for group in story["groups"]]
    editor = owners_of(session, first[0].id)[0]
    cycle = _open(session, story, first, organisations[story["supplier"]], editor, now)
    _take_in(session, cycle, *first, editor, now)
    for organisation, group in others:
        referente = _referente(session, organisation, group["referente"], editor, now)
        asked = ask_to_join(
            session, referente, cycle, organisation, _places(group), group["message"], now=now
        )
        answer_group(session, editor, cycle, asked.id, admitted=True, now=now)
        _take_in(session, cycle, organisation, group, referente, now)
    return 1


def _open(
    session: Session,
    story: Mapping,
    first: tuple[Organisation, Mapping],
    supplier: Organisation,
    editor: User,
    now: datetime,
) -> OrderCycle:
    today = now.astimezone(ROME).date()
    opened = now - timedelta(days=story["opened_days_ago"])
    delivery = today + timedelta(days=story["delivered_in_days"])
    values = CycleValues(
        title=story["title"],
        opens_at=opened,
        closes_at=wall_moment(today + timedelta(days=story["closes_in_days"]), time(22)),
        delivery_from=wall_moment(delivery, time(18)),
        delivery_until=wall_moment(delivery, time(20)),
        note=story["note"],
        minimum_total=story["minimum_total"],
        open_to_groups=True,
    )
    organisation, group = first
    key = SourceKey(organisation_id=supplier.id)
    cycle = draft_cycle(session, editor, organisation, values, [key], _places(group), now=opened)
    confirm_cycle(session, editor, cycle, now=opened)
    return cycle


def _places(group: Mapping) -> list[Place]:
    return [Place(name, address) for name, address in group["places"]]


def _referente(
    session: Session, organisation: Organisation, written: tuple[str, str], like: User, now: datetime
) -> User:
    """Somebody of the second group, who signs in as everybody else of the demonstration does."""
    email, name = written
    person = session.scalar(sa.select(User).where(User.email == email))
    if person is None:
        person = User(
            email=email, name=name, password=like.password, active=True,
            confirmed_at=now.replace(tzinfo=None), fs_uniquifier=uuid4().hex, roles=[],
        )  # fmt: skip
        session.add(person)
        session.flush()
    if session.get(Membership, (person.id, organisation.id)) is None:
        session.add(
            Membership(person_id=person.id, organisation_id=organisation.id, role=MemberRole.OWNER, since=now)
        )
        session.flush()
    return person


def _take_in(
    session: Session,
    cycle: OrderCycle,
    organisation: Organisation,
    group: Mapping,
    actor: User,
    now: datetime,
) -> None:
    products = {product.title: product.id for product in cycle.products}
    place = next(row for row in cycle.groups if row.organisation_id == organisation.id).places[0]
    for number, one in enumerate(group["households"]):
        people = session.scalars(sa.select(User.id).where(User.email == one.get("person"))).all()
        household: Household = add_household(
            session, actor, organisation, {"name": one["name"]}, people, now=now
        )
        wanted = {
            products[title]: Line(round(quantity * 1000), round(tolerance * 1000))
            for title, (quantity, tolerance) in one.get("books", {}).items()
        }
        if wanted:
            save_basket(
                session, actor, cycle.id, household.id, wanted, version=0, key=uuid4().hex,
                now=now - timedelta(hours=30 - number), place_id=place.id,
            )  # fmt: skip
