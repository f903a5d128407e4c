"""A household's booking: the whole form is taken or none of it, once, and never more than there is.

What waits for whom. SQLite lets one write at a time. On PostgreSQL the household is held first, then the cycle
(shared, so that bookings do not wait for each other, while the closing waits for all of them and they for it), then
those products that may run out, in the order of their ids, so that no two forms hold what the other waits for.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.ledger.queries import spendable
from marketplace.money import line_total
from marketplace.orders import allotting, reading
from marketplace.orders.access import booker
from marketplace.orders.booking_models import Basket, Booking, Phase, Submission
from marketplace.orders.booking_rules import helps_a_box, refusals
from marketplace.orders.booking_writing import Form, Line, amounts_of, write_form
from marketplace.orders.lifecycle import phase_for_household, phase_for_referente
from marketplace.orders.models import CycleProduct, OrderCycle
from marketplace.orders.reasons import Reason

MAX_KEY = 64


class BookingRefused(Conflict):
    """Some lines cannot be booked, so nothing was: ``reasons`` by product, or under 0 for the whole order."""

    code = "booking_refused"

    def __init__(self, reasons: Mapping[int, tuple[Reason, ...]]):
        super().__init__(_("Nothing has been booked yet: some lines need another look."))
        self.reasons = reasons


def save_basket(
    session: Session,
    actor: User,
    cycle_id: int,
    household_id: int,
    wanted: Mapping[int, Line],
    *,
    version: int,
    key: str,
    now: datetime,
    note: str | None = None,
    place_id: int | None = None,
) -> dict:
    """Book for a household, by one of its people or by a referente of its group; products not named stay as they are.

    ``version`` is that of the basket which the form was made of (0: there was none), ``key`` the form's own: sent
    again, it gets the same answer, ``{"basket", "version", "changed"}``, and changes nothing. Raises
    :class:`NotFound` for strangers; :class:`BookingRefused`; :class:`Conflict` ``closed``, ``changed_meanwhile``, or
    ``nothing`` where a note comes with nothing booked.
    """
    if not 0 < len(key) <= MAX_KEY:
        raise Invalid(code="missing", field="key")
    who = booker(session, actor, cycle_id, household_id)
    cycle = who.cycle
    _hold(session, cycle)
    if (sent := session.execute(_SENT, {"key": key}).first()) is not None:
        if (sent.cycle_id, sent.person_id) != (cycle.id, actor.id):
            raise Invalid(code="invalid", field="key")
        return sent.answer
    phase = phase_for_referente(cycle, now) if who.is_referente else phase_for_household(cycle, now)
    if phase is None:
        raise Conflict(_("This order takes no bookings now."), code="closed")
    basket = session.scalar(_BASKET, {"cycle": cycle.id, "household": household_id})
    if (basket.version if basket else 0) != version:
        raise Conflict(
            _("Somebody else of the household has changed the booking in the meantime."),
            code="changed_meanwhile",
        )
    before = {row.product_id: row for row in basket.bookings} if basket else {}
    changed = {
        product: line
        for product, line in wanted.items()
        if (line.quantity, line.tolerance) != amounts_of(before.get(product))
    }
    if basket is None and not changed and note:
        # a household that books nothing has no basket, and its note would be lost without a word
        raise Conflict(
            _("Nothing has been booked yet: choose something, then the note is kept with it."), code="nothing"
        )
    _refuse(session, cycle, basket, before, changed, phase)
    more = any(line.quantity > amounts_of(before.get(id_))[0] for id_, line in changed.items())
    form = Form(wanted, changed, note, place_id)
    answer = write_form(session, actor, who, basket, before, form, phase, now)
    if more and not who.is_referente:
        _refuse_beyond_credit(session, cycle, household_id, answer["basket"])
    session.execute(
        sa.insert(Submission.__table__),
        {"key": key, "cycle_id": cycle.id, "person_id": actor.id, "at": now, "answer": answer},
    )
    if changed and cycle.fixed_at is not None:
        allotting.write_allotments(session, cycle)
    session.commit()
    return answer


def _refuse_beyond_credit(session: Session, cycle: OrderCycle, household_id: int, basket_id: int) -> None:
    """A group that keeps accounts says how far below zero a household may go; a referente may book beyond it."""
    left = spendable(session, household_id, cycle_id=cycle.id)
    if left is None:
        return
    if sum(line.goods for line in reading.booked_lines(session, cycle.id, basket_id=basket_id)) > left:
        raise Conflict(_("You would go below what your group allows: pay in first."), code="credit")


def _hold(session: Session, cycle: OrderCycle) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # whoever writes is alone from the beginning
    # where the whole order has a maximum, every booking counts against it
    alone = cycle.maximum_total is not None
    session.refresh(cycle, with_for_update={"read": not alone})


def _refuse(
    session: Session,
    cycle: OrderCycle,
    basket: Basket | None,
    before: Mapping[int, Booking],
    changed: Mapping[int, Line],
    phase: Phase,
) -> None:
    if not changed:
        return
    products = {
        product.id: product
        for product in session.scalars(_PRODUCTS, {"cycle": cycle.id, "ids": list(changed)})
    }
    if products.keys() != changed.keys():
        raise NotFound
    counted = [
        id_
        for id_, product in products.items()
        if phase is Phase.COMPLETION or product.available is not None or product.maximum is not None
    ]
    if counted:
        # read again while it is held: somebody else may just have lowered what is there
        session.scalars(
            sa.select(CycleProduct)
            .where(CycleProduct.id.in_(counted))
            .order_by(CycleProduct.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
    others = reading.booked_sums(
        session, cycle.id, only=counted, but_basket=basket.id if basket else None
    ) if counted else {}  # fmt: skip
    found: dict[int, tuple[Reason, ...]] = {}
    for id_, line in changed.items():
        quantity, tolerance = amounts_of(before.get(id_))
        other_quantity, other_tolerance = others.get(id_, (0, 0))
        reasons = refusals(
            reading.rule_of(products[id_]),
            line.quantity,
            line.tolerance,
            before=quantity,
            others=other_quantity,
        )
        if products[id_].withdrawn_at is not None and line.quantity > quantity:
            reasons = (Reason("withdrawn"),)
        if not reasons and phase is Phase.COMPLETION and not helps_a_box(
            products[id_].box_size,
            quantity + other_quantity,
            tolerance + other_tolerance,
            line.quantity + other_quantity,
            line.tolerance + other_tolerance,
        ):  # fmt: skip
            reasons = (Reason("helps_no_box"),)
        if reasons:
            found[id_] = reasons
    if not found and cycle.maximum_total is not None:
        found |= _above_the_maximum(session, cycle, basket, before, changed)
    if found:
        raise BookingRefused(found)


def _above_the_maximum(session, cycle, basket, before, changed) -> dict[int, tuple[Reason, ...]]:
    sums = reading.booked_sums(session, cycle.id)
    rows = session.execute(
        sa.select(CycleProduct.id, CycleProduct.price).where(CycleProduct.cycle_id == cycle.id)
    )
    prices = dict(tuple(row) for row in rows)
    total = sum(line_total(quantity, prices[id_]) for id_, (quantity, _tolerance) in sums.items())
    rise = sum(
        line_total(line.quantity, prices[id_]) - line_total(amounts_of(before.get(id_))[0], prices[id_])
        for id_, line in changed.items()
    )
    if rise > 0 and total + rise > cycle.maximum_total:
        return {0: (Reason("above_maximum_total", {"left": max(0, cycle.maximum_total - total)}),)}
    return {}


# made once: putting them together takes as long as asking them
_SENT = sa.select(Submission.cycle_id, Submission.person_id, Submission.answer).where(
    Submission.key == sa.bindparam("key")
)
_BASKET = (
    sa.select(Basket)
    .where(Basket.cycle_id == sa.bindparam("cycle"), Basket.household_id == sa.bindparam("household"))
    .execution_options(populate_existing=True)
)
_PRODUCTS = (
    sa.select(CycleProduct)
    .where(CycleProduct.cycle_id == sa.bindparam("cycle"))
    .where(CycleProduct.id.in_(sa.bindparam("ids", expanding=True)))
    .execution_options(populate_existing=True)
)
