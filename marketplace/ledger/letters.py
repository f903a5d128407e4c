"""Mails on what a household owes for an order: charged to its account, settled, and taken back."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.formats import money
from marketplace.households.models import GroupSettings, HouseholdMember
from marketplace.ledger import queries
from marketplace.ledger.models import AccountKind
from marketplace.ledger.owing import OrderMoney, Owing
from marketplace.orders.access import taking_part
from marketplace.orders.booking_models import Basket
from marketplace.orders.letters import tell
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.orders.people import speaks
from marketplace.orders.totals import Total
from marketplace.organisations.models import Membership


def charged(
    session: Session,
    cycle: OrderCycle,
    group: CycleGroup,
    totals: Mapping[int, Total],
    baskets: Collection[int],
    now: datetime,
) -> None:
    """To the households whose charge is another than before. ``totals`` by basket."""
    people = _people(session, group, baskets)
    balances = _balances(session, group) if people else {}
    for (basket, household), persons in people.items():
        cents = 0 if cycle.cancelled_at else totals.get(basket, Total()).amount
        tell(
            session,
            persons,
            cycle,
            lambda: _("%(title)s: charged to your account", title=cycle.title),
            _lines(lambda cents=cents: _what_you_pay(cents), balances.get(household, 0)),
            now,
        )


def settled(
    session: Session,
    cycle: OrderCycle,
    group: CycleGroup,
    found: OrderMoney,
    settings: GroupSettings,
    referenti: Collection[User],
    now: datetime,
) -> None:
    """To every household that pays something: how much, and from where; to the group's ``referenti``: how much in all."""
    rows = {row.basket.id: row for row in found.rows if row.total or row.paid}
    balances = _balances(session, group) if settings.keeps_accounts else {}
    for (basket, household), persons in _people(session, group, rows).items():
        row = rows[basket]
        if settings.keeps_accounts:
            lines = _lines(lambda row=row: _what_you_pay(row.total), balances.get(household, 0))
        else:
            lines = _paid_at_the_table(row, settings)
        tell(
            session,
            persons,
            cycle,
            lambda: _("%(title)s: the accounts are closed", title=cycle.title),
            lines,
            now,
        )
    tell(
        session,
        referenti,
        cycle,
        lambda: _("%(title)s: the accounts are closed", title=cycle.title),
        lambda: [
            ngettext(
                "One household of your group pays %(amount)s.",
                "%(num)s households of your group pay %(amount)s in all.",
                len(rows),
                amount=money(found.total),
            ),
            _("It was charged to their accounts.") if settings.keeps_accounts else "",
        ],
        now,
    )


def reopened(session: Session, cycle: OrderCycle, people: Collection[User], now: datetime) -> None:
    """To everybody: the order's accounts are open again."""
    tell(
        session,
        people,
        cycle,
        lambda: _("%(title)s: the accounts are open again", title=cycle.title),
        lambda: [
            _(
                "Something has to be put right. What was charged to accounts is taken back, and charged anew later."
            )
        ],
        now,
    )


def _what_you_pay(cents: int) -> str:
    return _("What you pay: %(amount)s.", amount=money(cents))


def _lines(first: Callable[[], str], balance: int) -> Callable[[], list[str]]:
    def made() -> list[str]:
        return [
            first(),
            _("On your account there are now %(amount)s.", amount=money(balance))
            if balance >= 0
            else _("Your account is now below zero by %(amount)s: please pay in.", amount=money(-balance)),
        ]

    return made


def _paid_at_the_table(row: Owing, settings: GroupSettings) -> Callable[[], list[str]]:
    return lambda: [_what_you_pay(row.total), *_still(row.left, settings)]


def _still(left: int, settings: GroupSettings) -> list[str]:
    if left > 0:
        told = [_("Still to be paid: %(amount)s.", amount=money(left))]
        if settings.iban:
            told.append(", ".join(filter(None, (f"IBAN {settings.iban}", settings.account_holder))))
        return told
    if left < 0:
        return [_("You have paid %(amount)s too much: you get it back.", amount=money(-left))]
    return [_("You have paid it already.")]


def _balances(session: Session, group: CycleGroup) -> dict[int, int]:
    return {
        row.household.id: row.amount
        for row in queries.balances(session, group.organisation_id)
        if row.account.kind == AccountKind.HOUSEHOLD and row.household is not None
    }


def _people(
    session: Session, group: CycleGroup, baskets: Collection[int]
) -> dict[tuple[int, int], list[User]]:
    """Who books for each basket's household and still belongs to the group, by basket and household."""
    found: dict[tuple[int, int], list[User]] = defaultdict(list)
    if not baskets:
        return found
    rows = session.execute(
        sa.select(Basket.id, Basket.household_id, User)
        .join(HouseholdMember, HouseholdMember.household_id == Basket.household_id)
        .join(User, User.id == HouseholdMember.person_id)
        .join(
            Membership,
            sa.and_(Membership.person_id == User.id, Membership.organisation_id == group.organisation_id),
        )
        .where(Basket.group_id == group.id)
        .order_by(Basket.id, User.id)
    )
    for basket, household, person in rows:
        if basket in baskets:
            found[basket, household].append(person)
    return found


def referenti_by_group(session: Session, cycle: OrderCycle) -> dict[int, list[User]]:
    """By group of the order, who speaks for it (:func:`marketplace.orders.people.speaks`)."""
    found: dict[int, list[User]] = defaultdict(list)
    rows = session.execute(
        sa.select(CycleGroup.id, User)
        .select_from(CycleGroup)
        .join(Membership, speaks())
        .join(User, User.id == Membership.person_id)
        .where(CycleGroup.cycle_id == cycle.id, taking_part())
        .order_by(User.id)
    )
    for group, person in rows:
        found[group].append(person)
    return found
