"""Mails between a group and its supplier, and to those whose shares the supplier's answer changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.engines import categories
from marketplace.formats import moment, money, quantity
from marketplace.households.models import Household, HouseholdMember
from marketplace.i18n import current_language, speaking
from marketplace.mail import MAX_ATTACHED, attachment, message
from marketplace.order_sheets.files import KINDS, write
from marketplace.order_sheets.queries import sheet_of
from marketplace.order_sheets.sheet import Sheet
from marketplace.orders.letters import tell
from marketplace.orders.models import CycleGroup, CycleSource, OrderCycle
from marketplace.orders.people import editors, referenti, referenti_of, still_belongs
from marketplace.organisations.letters import owners_of
from marketplace.organisations.models import Membership, Organisation
from marketplace.outbox import post_mail
from marketplace.page_address import whole_address

#: Of one product: its title and unit, how much it was, how much it is.
Change = tuple[str, str, int, int]


def order(
    session: Session,
    cycle: OrderCycle,
    source: CycleSource,
    sheet: Sheet,
    token: str | None,
    now: datetime,
) -> None:
    """To the supplier, with the order as PDF, XLSX and GDXP. The only copy of the token goes out with this mail."""
    owners = owners_of(session, source.organisation_id) if source.organisation_id else []
    stop = whole_address("order_sheets.stop", token=token) if token else None
    with speaking(owners[0].locale if owners else None):
        post_mail(
            session,
            message(
                to=source.email,
                subject=_("Order of %(group)s: %(title)s", group=sheet.coordinator, title=sheet.title),
                text=render_template(
                    "emails/supplier_order.txt",
                    sheet=sheet,
                    recipients=[(one.name, money(one.amount)) for one in sheet.recipients],
                    total=money(sheet.amount),
                    delivery=moment(cycle.delivery_from),
                    link=_link(session, source, token),
                    stop_kind=stop,
                    lang=current_language(),
                ),
                reply_to=_reply_to(session, cycle),
                unsubscribe=stop,
                attachments=_files(sheet, now),
            ),
            now,
        )


def _link(session: Session, source: CycleSource, token: str | None) -> str:
    if token is not None:
        return whole_address("order_sheets.by_link", token=token)
    supplier = session.get_one(Organisation, source.organisation_id)
    return whole_address("order_sheets.received", slug=supplier.slug, source_id=source.id)


def _reply_to(session: Session, cycle: OrderCycle) -> str | None:
    """The group's own address: nobody's private one is told to the supplier."""
    return session.get_one(Organisation, cycle.organisation_id).email or None


def _files(sheet: Sheet, now: datetime):
    lang = current_language()
    tree = categories()
    made = [write(kind, sheet, lambda code: tree[code].label("it"), lang=lang, now=now) for kind in KINDS]
    # what a mail cannot carry is on the page that it leads to
    if sum(len(file.content) for file in made) > MAX_ATTACHED:
        made = made[:1] if len(made[0].content) <= MAX_ATTACHED else []
    return [attachment(file.content, file.name, file.media_type) for file in made]


def sent(session: Session, cycle: OrderCycle, now: datetime) -> None:
    """To the referenti of all groups: every supplier has it, so they book for nobody any more."""
    tell(
        session,
        referenti(session, cycle),
        cycle,
        lambda: _("%(title)s is with the supplier", title=cycle.title),
        lambda: [_("From now on no booking changes any more; what the supplier answers stands on the page.")],
        now,
    )


def substitution_decided(
    session: Session,
    cycle: OrderCycle,
    source: CycleSource,
    title: str,
    other: str,
    *,
    accepted: bool,
    now: datetime,
) -> None:
    """To the supplier, where it has an address: what the coordinator decided, and the files of now."""
    if not source.email:
        return
    sheet = sheet_of(session, cycle, source)
    owners = owners_of(session, source.organisation_id) if source.organisation_id else []
    with speaking(owners[0].locale if owners else None):
        said = (
            _("%(title)s in the place of %(other)s: accepted.", title=title, other=other)
            if accepted
            else _("%(title)s in the place of %(other)s: not accepted.", title=title, other=other)
        )
        mail = message(
            to=source.email,
            subject=_("Order of %(group)s: %(title)s", group=sheet.coordinator, title=sheet.title),
            text=render_template("emails/supplier_news.txt", lines=[said], lang=current_language()),
            reply_to=_reply_to(session, cycle),
            attachments=_files(sheet, now),
        )
    post_mail(session, mail, now)


def supplier_answered(
    session: Session,
    cycle: OrderCycle,
    source: CycleSource,
    differences: Sequence[Change],
    pending: int,
    now: datetime,
) -> None:
    """To the editors of the coordinating group."""
    tell(
        session,
        editors(session, cycle.organisation_id),
        cycle,
        lambda: _("%(name)s has answered: %(title)s", name=source.name, title=cycle.title),
        lambda: [
            *(_changes(differences) or [_("Everything that was ordered is delivered.")]),
            _("There are substitutions for you to accept or not.") if pending else "",
            source.message,
        ],
        now,
    )


def shares_changed(
    session: Session,
    cycle: OrderCycle,
    *,
    groups: Mapping[int, Sequence[Change]],
    households: Mapping[int, Sequence[Change]],
    now: datetime,
) -> None:
    """To each group's referenti what their group gets, to each household what it gets: title, unit, before, after."""
    for group_id, changes in groups.items():
        _tell_changes(
            session, referenti_of(session, session.get_one(CycleGroup, group_id)), cycle, changes, now
        )
    people: dict[int, list[User]] = {}
    rows = session.execute(
        sa.select(HouseholdMember.household_id, User)
        .join(User, User.id == HouseholdMember.person_id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .join(Membership, still_belongs())
        .where(HouseholdMember.household_id.in_(list(households)))
        .order_by(User.id)
    )
    for household_id, person in rows:
        people.setdefault(household_id, []).append(person)
    for household_id in sorted(people):
        _tell_changes(session, people[household_id], cycle, households[household_id], now)


def _tell_changes(session, people, cycle, changes, now) -> None:
    tell(
        session,
        people,
        cycle,
        lambda: _("%(title)s: the supplier delivers something else", title=cycle.title),
        lambda: _changes(changes),
        now,
    )


def _changes(changes: Sequence[Change]) -> list[str]:
    return [
        _(
            "%(title)s: %(after)s instead of %(before)s",
            title=title,
            after=quantity(after, unit),
            before=quantity(before, unit),
        )
        for title, unit, before, after in changes
    ]
