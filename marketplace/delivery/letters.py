"""Mails about deliveries and shifts."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.formats import moment
from marketplace.orders.letters import tell
from marketplace.orders.models import OrderCycle, PickupPlace, Shift
from marketplace.orders.people import everybody


def delivered(session: Session, cycle: OrderCycle, now: datetime) -> None:
    tell(
        session,
        everybody(session, cycle),
        cycle,
        lambda: _("%(title)s was delivered", title=cycle.title),
        lambda: [_("The order page shows what you pay.")],
        now,
    )


def shift_tomorrow(
    session: Session,
    people: Sequence[User],
    cycle: OrderCycle,
    place: PickupPlace,
    shift: Shift,
    now: datetime,
) -> None:
    """To who hands out, the day before."""
    _tell_of_shift(
        session, people, cycle, place, shift, lambda: _("%(title)s: your shift", title=cycle.title), now
    )


def shift_moved(
    session: Session,
    people: Sequence[User],
    cycle: OrderCycle,
    place: PickupPlace,
    shift: Shift,
    now: datetime,
) -> None:
    """To who hands out, when a referente gave the shift other hours."""
    _tell_of_shift(
        session,
        people,
        cycle,
        place,
        shift,
        lambda: _("%(title)s: your shift has other hours", title=cycle.title),
        now,
    )


def _tell_of_shift(
    session: Session,
    people: Sequence[User],
    cycle: OrderCycle,
    place: PickupPlace,
    shift: Shift,
    subject: Callable[[], str],
    now: datetime,
) -> None:
    where = ", ".join(part for part in (place.name, place.address) if part)
    tell(
        session,
        people,
        cycle,
        subject,
        lambda: [
            _(
                "You hand out at %(where)s from %(start)s to %(end)s.",
                where=where,
                start=moment(shift.starts_at),
                end=moment(shift.ends_at),
            ),
            shift.note,
        ],
        now,
    )
