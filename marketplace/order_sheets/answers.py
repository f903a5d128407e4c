"""What the supplier says of an order: confirmed, so much less of this, that instead; and what it changes for whom.

Who gets how much is shared out anew by the rules of :mod:`marketplace.orders.allotment`. A substitution waits for the
coordinator: until then it is a product that is withdrawn and names what it would replace. Sealed by the delivery.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.money import QUANTITY_UNITS
from marketplace.order_sheets import letters
from marketplace.order_sheets.access import source_of_supplier, source_of_token
from marketplace.order_sheets.queries import full_title
from marketplace.orders.allotting import write_allotments
from marketplace.orders.booking_models import Allotment, Basket, GroupAllotment
from marketplace.orders.booking_rules import WHOLE_UNITS
from marketplace.orders.models import CycleProduct, CycleSource, OrderCycle
from marketplace.orders.operations import held
from marketplace.permissions import require_role

#: Columns that a substitution takes over from what it replaces: it is counted and taxed alike unless it is on the list.
_LIKE = ("unit", "category", "vat_treatment", "vat_rate", "piece_weight", "deposit")


@dataclass(frozen=True, slots=True)
class Instead:
    """A substitution: another product of the order by id, or a new line by title and price; at most ``quantity``."""

    product_id: int | None = None
    title: str = ""
    price: int | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class ProductAnswer:
    """How much of a product comes (``None``: all that is ordered), and what comes in the place of the rest."""

    deliverable: int | None = None
    instead: Instead | None = None


@dataclass(frozen=True, slots=True)
class OrderedProduct:
    """A product as it was ordered, what the supplier says it delivers of it, and what it proposes instead."""

    product: CycleProduct
    ordered: int
    substitutes: Sequence[CycleProduct]

    @property
    def delivered(self) -> int:
        deliverable = self.product.deliverable
        return self.ordered if deliverable is None else min(deliverable, self.ordered)

    @property
    def pending(self) -> CycleProduct | None:
        return next((one for one in self.substitutes if one.withdrawn_at is not None), None)


def ordered_products(session: Session, source: CycleSource) -> list[OrderedProduct]:
    """What the source was asked to deliver, whatever it has answered since. Two queries."""
    ordered: dict[int, int] = defaultdict(int)
    for product_id, given, reasons in session.execute(
        sa.select(GroupAllotment.product_id, GroupAllotment.quantity, GroupAllotment.reasons)
        .join(CycleProduct, CycleProduct.id == GroupAllotment.product_id)
        .where(CycleProduct.source_id == source.id)
    ):
        after = sum(r["by"] for r in reasons if r["code"] in {"supplier_short", "in_place_of"})
        ordered[product_id] += given - after
    rows = session.scalars(
        sa.select(CycleProduct)
        .where(CycleProduct.source_id == source.id)
        .order_by(CycleProduct.position, CycleProduct.id)
    ).all()
    substitutes: dict[int, list[CycleProduct]] = defaultdict(list)
    for row in rows:
        if row.substitutes_id is not None:
            substitutes[row.substitutes_id].append(row)
    return [OrderedProduct(row, ordered[row.id], substitutes[row.id]) for row in rows if ordered[row.id] > 0]


def answer_by_link(
    session: Session, token: str, answers: Mapping[int, ProductAnswer], message: str, *, now: datetime
) -> bool:
    """By whoever holds the link of the mail. See :func:`answer_by_account`."""
    source, _cycle = source_of_token(session, token, now)
    return _answer(session, source, answers, message, now, actor=None)


def answer_by_account(
    session: Session,
    actor: User,
    organisation_id: int,
    source_id: int,
    answers: Mapping[int, ProductAnswer],
    message: str,
    *,
    now: datetime,
) -> bool:
    """Confirm the order, all of it but for ``answers``; whether anything is new.

    By an editor of the supplier. Said again it does nothing, and nobody is told twice. Raises :class:`Conflict`
    ``sealed`` once the order is delivered, :class:`Invalid` with the product's id as its field.
    """
    require_role(session, actor, organisation_id)
    source, _cycle = source_of_supplier(session, organisation_id, source_id)
    return _answer(session, source, answers, message, now, actor=actor)


def _answer(
    session: Session,
    source: CycleSource,
    answers: Mapping[int, ProductAnswer],
    message: str,
    now: datetime,
    actor: User | None,
) -> bool:
    cycle = held(session, source.cycle_id)
    session.refresh(source)
    if cycle.delivered_at is not None or cycle.settled_at is not None:
        raise Conflict(_("The order is delivered: nothing of it changes any more."), code="sealed")
    if cycle.cancelled_at is not None or source.sent_at is None:
        raise NotFound
    ordered = ordered_products(session, source)
    shares_change = news = False
    for one in ordered:
        answer = answers.get(one.product.id, ProductAnswer())
        deliverable = _checked(one, answer)
        if one.product.deliverable != deliverable:
            one.product.deliverable = deliverable
            shares_change = True
        news |= _propose(session, cycle, one, answer.instead, now)
    news = news or shares_change or source.message != message or source.confirmed_at is None
    if not news:
        session.rollback()
        return False
    source.message = message
    source.confirmed_at = source.confirmed_at or now
    if shares_change:
        share_again(session, cycle, now)
    audit.record(
        session, now=now, actor_id=actor.id if actor else None, verb="cycle.supplier_answered", subject=cycle,
        source=source.id,
    )  # fmt: skip
    session.flush()
    again = ordered_products(session, source)
    letters.supplier_answered(
        session,
        cycle,
        source,
        differences=[(full_title(o.product), o.product.unit, o.ordered, o.delivered) for o in again if o.delivered != o.ordered],
        pending=sum(o.pending is not None for o in again),
        now=now,
    )  # fmt: skip
    session.commit()
    return True


def _checked(one: OrderedProduct, answer: ProductAnswer) -> int | None:
    """What is kept of the answer; ``None`` where all comes. Raises :class:`Invalid`."""
    field, deliverable = str(one.product.id), answer.deliverable
    if deliverable is not None and deliverable < 0:
        raise Invalid(_("This is less than nothing."), code="invalid", field=field)
    whole = one.product.piece_weight or one.product.unit in WHOLE_UNITS
    if deliverable is not None and whole and deliverable % QUANTITY_UNITS and deliverable < one.ordered:
        raise Invalid(_("Please write a whole number."), code="invalid", field=field)
    if deliverable is not None and deliverable >= one.ordered:
        deliverable = None
    if answer.instead is not None and deliverable is None:
        raise Invalid(
            _("Say first how much of %(title)s is missing.", title=full_title(one.product)),
            code="nothing_missing",
            field=field,
        )
    return deliverable


def _propose(
    session: Session, cycle: OrderCycle, one: OrderedProduct, instead: Instead | None, now: datetime
) -> bool:
    """Keep the substitution as proposed, in the place of an earlier proposal; whether anything changed."""
    pending = one.pending
    wanted = _columns(session, one.product, instead) if instead is not None else None
    if wanted is not None and any(_is(row, wanted) for row in one.substitutes):
        return False
    if pending is not None:
        session.delete(pending)
    if wanted is not None:
        session.add(
            CycleProduct(
                cycle_id=cycle.id, source_id=one.product.source_id, substitutes_id=one.product.id,
                position=one.product.position, withdrawn_at=now, **wanted,
            )
        )  # fmt: skip
    session.flush()
    return pending is not None or wanted is not None


def _columns(session: Session, product: CycleProduct, instead: Instead) -> dict[str, object]:
    field = str(product.id)
    if instead.quantity is not None and instead.quantity <= 0:
        raise Invalid(_("This is less than nothing."), code="invalid", field=field)
    if instead.product_id is not None:
        other = session.get(CycleProduct, instead.product_id)
        if (
            other is None
            or other.source_id != product.source_id
            or other.id == product.id
            or other.substitutes_id is not None
        ):
            raise Invalid(_("Choose a product of this order."), code="invalid", field=field)
        if other.unit != product.unit or bool(other.piece_weight) != bool(product.piece_weight):
            raise Invalid(_("It is counted in another unit."), code="other_unit", field=field)
        names = ("title", "variant", "code", "offer_id", "item_id", "offer_version", "price", *_LIKE)
        return {name: getattr(other, name) for name in names} | {"deliverable": instead.quantity}
    if not instead.title or instead.price is None:
        raise Invalid(_("Write what comes instead, and its price."), code="missing", field=field)
    return {name: getattr(product, name) for name in _LIKE} | {
        "title": instead.title,
        "price": instead.price,
        "deliverable": instead.quantity,
    }


def _is(row: CycleProduct, wanted: Mapping[str, object]) -> bool:
    return all(getattr(row, name) == value for name, value in wanted.items())


def decide_substitution(
    session: Session, actor: User, cycle_id: int, product_id: int, *, accept: bool, now: datetime
) -> bool:
    """By an editor of the coordinating group: take what the supplier proposes or not; ``False`` where that is decided."""
    cycle = held(session, cycle_id)
    require_role(session, actor, cycle.organisation_id)
    if cycle.delivered_at is not None:
        raise Conflict(_("The order is delivered: nothing of it changes any more."), code="sealed")
    product = session.get(CycleProduct, product_id)
    if product is None or product.cycle_id != cycle.id or product.substitutes_id is None:
        raise NotFound
    if product.withdrawn_at is None:
        session.rollback()
        return False
    source = session.get_one(CycleSource, product.source_id)
    instead_of = session.get_one(CycleProduct, product.substitutes_id)
    title, other = full_title(product), full_title(instead_of)
    if accept:
        product.withdrawn_at = None
        share_again(session, cycle, now)
    else:
        session.delete(product)
    audit.record(
        session, now=now, actor_id=actor.id, verb="cycle.substitution", subject=cycle, product=product_id,
        accepted=accept,
    )  # fmt: skip
    session.flush()
    letters.substitution_decided(session, cycle, source, title, other, accepted=accept, now=now)
    session.commit()
    return True


def share_again(session: Session, cycle: OrderCycle, now: datetime) -> None:
    """Share out anew, and tell those groups and households who get something else than before."""
    before = _shares(session, cycle.id)
    write_allotments(session, cycle)
    after = _shares(session, cycle.id)
    products = {
        row.id: row
        for row in session.scalars(sa.select(CycleProduct).where(CycleProduct.cycle_id == cycle.id))
    }
    groups: dict[int, list] = defaultdict(list)
    households: dict[int, list] = defaultdict(list)
    for found, key in ((groups, "group"), (households, "household")):
        was, is_now = before[key], after[key]
        for one, product_id in sorted(
            was.keys() | is_now.keys(), key=lambda pair: (pair[0], products[pair[1]].position, pair[1])
        ):
            old, new = was.get((one, product_id), 0), is_now.get((one, product_id), 0)
            if old != new:
                product = products[product_id]
                found[one].append((full_title(product), product.unit, old, new))
    letters.shares_changed(session, cycle, groups=groups, households=households, now=now)


def _shares(session: Session, cycle_id: int) -> dict[str, dict[tuple[int, int], int]]:
    groups = session.execute(
        sa.select(GroupAllotment.group_id, GroupAllotment.product_id, GroupAllotment.quantity)
        .join(CycleProduct, CycleProduct.id == GroupAllotment.product_id)
        .where(CycleProduct.cycle_id == cycle_id)
    )
    households = session.execute(
        sa.select(Basket.household_id, Allotment.product_id, Allotment.quantity)
        .join(Basket, Basket.id == Allotment.basket_id)
        .where(Basket.cycle_id == cycle_id)
    )
    return {
        "group": {(one, product): amount for one, product, amount in groups},
        "household": {(one, product): amount for one, product, amount in households},
    }
