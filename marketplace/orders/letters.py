"""Mails on group orders: each in the language of whoever reads it, written into the running transaction."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.formats import moment, money
from marketplace.i18n import speaking
from marketplace.notices.mail_kinds import MailKind
from marketplace.notices.sending import post_notice
from marketplace.orders.models import MinimumChoice, OrderCycle
from marketplace.orders.people import everybody, referenti
from marketplace.page_address import whole_address


def tell(
    session: Session,
    people: Iterable[User],
    cycle: OrderCycle,
    subject: Callable[[], str],
    lines: Callable[[], Sequence[str]],
    now: datetime,
    kind: MailKind = MailKind.BOOKINGS,
) -> None:
    """One mail to each; ``subject`` and ``lines`` are made in the reader's language.

    What somebody booked is told in any case; mails of the kind ``ORDERS`` can be stopped by a link in each.
    """
    for person in people:
        with speaking(person.locale):
            post_notice(
                session, person, kind, subject=subject(), template="emails/order_news.txt", now=now,
                lines=lines(), link=whole_address("orders.show", cycle_id=cycle.id),
            )  # fmt: skip


def cancelled(session: Session, cycle: OrderCycle, now: datetime) -> None:
    tell(
        session,
        everybody(session, cycle),
        cycle,
        lambda: _("%(title)s is cancelled", title=cycle.title),
        lambda: [_("The group order is cancelled; nobody owes anything for it."), cycle.cancel_reason],
        now,
    )


def minimum_missed(session: Session, cycle: OrderCycle, total: int, now: datetime) -> None:
    tell(
        session,
        referenti(session, cycle),
        cycle,
        lambda: _("%(title)s: the minimum is not reached", title=cycle.title),
        lambda: [
            _(
                "Booked are %(total)s of %(minimum)s. Whoever coordinates chooses: more time, joining the next order, "
                "sending it anyway, or releasing everybody.",
                total=money(total),
                minimum=money(cycle.minimum_total),
            )
        ],
        now,
    )


def minimum_chosen(session: Session, people: Sequence[User], cycle: OrderCycle, now: datetime) -> None:
    """To everybody: what was chosen where the minimum was not reached."""
    told = {
        MinimumChoice.EXTENDED: lambda: _(
            "The minimum was not reached, so there is more time: bookings until %(moment)s.",
            moment=moment(cycle.closes_at),
        ),
        MinimumChoice.MERGED: lambda: _(
            "The minimum was not reached: what you booked has been taken over into another order of the same supplier."
        ),
        MinimumChoice.SENT_ANYWAY: lambda: _(
            "The minimum was not reached; the supplier agrees to deliver anyway, so the order goes ahead."
        ),
        MinimumChoice.RELEASED: lambda: _(
            "The minimum was not reached: the order does not take place, and nobody owes anything for it."
        ),
    }
    tell(
        session,
        people,
        cycle,
        lambda: cycle.title,
        lambda: [told[MinimumChoice(cycle.minimum_choice)]()],
        now,
    )


def fixed(session: Session, cycle: OrderCycle, now: datetime) -> None:
    tell(
        session,
        referenti(session, cycle),
        cycle,
        lambda: _("%(title)s is closed", title=cycle.title),
        lambda: [_("Boxes and shares have been worked out; the order can go to the supplier.")],
        now,
    )


def asks_to_join(
    session: Session, cycle: OrderCycle, name: str, people: Sequence[User], now: datetime
) -> None:
    tell(
        session,
        people,
        cycle,
        lambda: _("%(name)s asks to join %(title)s", name=name, title=cycle.title),
        lambda: [_("Whoever coordinates the order admits the group or not.")],
        now,
    )


def answered(
    session: Session, cycle: OrderCycle, people: Sequence[User], *, admitted: bool, now: datetime
) -> None:
    tell(
        session,
        people,
        cycle,
        lambda: cycle.title,
        lambda: [
            _("Your group takes part: its households can book.")
            if admitted
            else _("Your group was not admitted to this order.")
        ],
        now,
    )


def opened(session: Session, people: Sequence[User], cycle: OrderCycle, now: datetime) -> None:
    """To households of a group that takes part: they can book from now on."""
    tell(
        session,
        people,
        cycle,
        lambda: _("%(title)s is open", title=cycle.title),
        lambda: [
            _("Your group has a new order: you can book until %(moment)s.", moment=moment(cycle.closes_at)),
            cycle.note,
        ],
        now,
        MailKind.ORDERS,
    )


def reminder(
    session: Session, people: Sequence[User], cycle: OrderCycle, now: datetime, *, have_booked: bool
) -> None:
    tell(
        session,
        people,
        cycle,
        lambda: _("%(title)s closes soon", title=cycle.title),
        lambda: [
            _("You can change what you booked until %(moment)s.", moment=moment(cycle.closes_at))
            if have_booked
            else _("You have booked nothing yet: you can until %(moment)s.", moment=moment(cycle.closes_at)),
        ],
        now,
        MailKind.ORDERS,
    )


def withdrawn(session: Session, people: Sequence[User], cycle: OrderCycle, title: str, now: datetime) -> None:
    """To those who booked a product that the coordinator took out of the order."""
    tell(
        session,
        people,
        cycle,
        lambda: _("%(title)s: a product is no longer in it", title=cycle.title),
        lambda: [_("Taken out of the order: %(product)s. Nobody gets or pays it.", product=title)],
        now,
    )


def common_need_ordered(
    session: Session, cycle: OrderCycle, name: str, people: Sequence[User], now: datetime
) -> None:
    """To the groups that agreed to a common need: the order for it, which they can join without waiting for an answer."""
    tell(
        session,
        people,
        cycle,
        lambda: _("The order for your common need: %(title)s", title=cycle.title),
        lambda: [
            _(
                "%(name)s has opened the order for the common need to which your group agreed. Say where your "
                "households collect, and your group takes part.",
                name=name,
            )
        ],
        now,
        MailKind.POOLING,
    )


def could_help(
    session: Session, people: Sequence[User], cycle: OrderCycle, titles: Sequence[str], now: datetime
) -> None:
    tell(
        session,
        people,
        cycle,
        lambda: _("%(title)s: boxes that lack little", title=cycle.title),
        lambda: [
            _(
                "Bookings are closed, but until %(moment)s you can help to fill these boxes:",
                moment=moment(cycle.completion_until),
            ),
            *titles,
        ],
        now,
        MailKind.ORDERS,
    )


def draft_made(session: Session, cycle: OrderCycle, people: Sequence[User], now: datetime) -> None:
    tell(
        session,
        people,
        cycle,
        lambda: _("A draft to confirm: %(title)s", title=cycle.title),
        lambda: [_("The next order of the series is ready. It opens only once you confirm it.")],
        now,
    )
