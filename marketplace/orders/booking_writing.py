"""What a form that was accepted leaves behind: the basket, its bookings, and every change of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.errors import Invalid
from marketplace.orders.access import Booker
from marketplace.orders.booking_models import Basket, Booking, BookingChange, Phase
from marketplace.orders.models import PickupPlace


@dataclass(frozen=True, slots=True)
class Line:
    """What a form says of one product, in thousandths of the unit; ``note`` of ``None`` leaves it as it is."""

    quantity: int
    tolerance: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """All lines of a form by product, those of them that change an amount, and what it says of the whole basket."""

    lines: Mapping[int, Line]
    changed: Mapping[int, Line]
    note: str | None = None
    place_id: int | None = None


def amounts_of(booking: Booking | None) -> tuple[int, int]:
    """Quantity and tolerance; nothing where nothing is booked."""
    return (booking.quantity, booking.tolerance) if booking else (0, 0)


def write_form(
    session: Session,
    actor: User,
    who: Booker,
    basket: Basket | None,
    before: Mapping[int, Booking],
    form: Form,
    phase: Phase,
    now: datetime,
) -> dict:
    """Write it into the running transaction; ``{"basket", "version", "changed"}``.

    ``before`` are the basket's bookings by product; a ``basket`` of ``None`` is begun.
    """
    if basket is None and not form.changed:
        return {"basket": None, "version": 0, "changed": 0}
    _refuse_foreign_place(session, who, form.place_id)
    if basket is None:
        basket_id, version = session.execute(
            _NEW_BASKET,
            {
                "cycle_id": who.cycle.id,
                "group_id": who.group.id,
                "household_id": who.household.id,
                "place_id": form.place_id,
                "note": form.note or "",
                "created_at": now,
                "updated_at": now,
            },
        ).one()
    else:
        basket_id = basket.id
    changes, added = [], []
    for id_, line in form.lines.items():
        booking = before.get(id_)
        if id_ in form.changed:
            quantity, tolerance = amounts_of(booking)
            one = {"basket_id": basket_id, "product_id": id_}
            changes.append(
                one | {
                    "at": now, "actor_id": actor.id, "phase": phase,
                    "quantity_before": quantity, "quantity_after": line.quantity,
                    "tolerance_before": tolerance, "tolerance_after": line.tolerance,
                }
            )  # fmt: skip
            if line.quantity == 0:
                basket.bookings.remove(booking)
                continue
            amounts = {"quantity": line.quantity, "tolerance": line.tolerance, "booked_by_id": actor.id}
            if booking is None:
                added.append(one | amounts | {"booked_at": now, "note": line.note or ""})
                continue
            booking.quantity, booking.tolerance, booking.booked_by_id = amounts.values()
        if booking is not None and line.note is not None:
            booking.note = line.note
    if basket is not None:
        # also where only a note changes: whoever has the older page open is told
        basket.updated_at = now
        if form.note is not None:
            basket.note = form.note
        if form.place_id is not None:
            basket.place_id = form.place_id
        session.flush()
        session.expire(basket, ["bookings"])
        version = basket.version
    # as rows, all at once: objects are taken one by one, because each must learn its id
    for insert, rows in ((_CHANGES, changes), (_BOOKINGS, added)):
        if rows:
            session.execute(insert, rows)
    return {"basket": basket_id, "version": version, "changed": len(form.changed)}


def _refuse_foreign_place(session: Session, who: Booker, place_id: int | None) -> None:
    if place_id is None:
        return
    place = session.get(PickupPlace, place_id)
    if place is None or place.group_id != who.group.id:
        raise Invalid(code="invalid", field="place")


_NEW_BASKET = (
    sa.insert(Basket.__table__).values(version=1).returning(Basket.__table__.c.id, Basket.__table__.c.version)
)
_CHANGES = sa.insert(BookingChange.__table__)
_BOOKINGS = sa.insert(Booking.__table__)
