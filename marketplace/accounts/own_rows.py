"""The rows of a person's export that are given as they are kept: one table, what leads to the person, which columns."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.conversations.models import Message
from marketplace.demands.following_models import DemandFollower
from marketplace.demands.models import Demand
from marketplace.demands.posting_models import DemandDraft
from marketplace.households.models import HouseholdMember
from marketplace.ledger.models import Account, Entry, Side
from marketplace.matches.models import DemandAlert
from marketplace.notices.models import MailPreference, SavedSearch
from marketplace.orders.models import Shift
from marketplace.organisations.models import Organisation
from marketplace.proposals.models import Question


def own_rows(session: Session, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """By name of the part, ready for JSON. Amounts of the cassa in cents, as its own books have them."""
    return {
        name: [
            {column: _plain(value) for column, value in row._mapping.items()}
            for row in session.execute(statement)
        ]
        for name, statement in _statements(person_id).items()
    }


def _statements(person_id: int) -> Mapping[str, sa.Select]:
    def of(owner: InstrumentedAttribute, *columns) -> sa.Select:
        return sa.select(*columns).where(owner == person_id).order_by(*owner.class_.__table__.primary_key)

    homes = sa.select(HouseholdMember.household_id).where(HouseholdMember.person_id == person_id)
    return {
        "demands": of(Demand.author_id, Demand.id, Demand.title, Demand.type, Demand.created_at),
        "demand_drafts": of(
            DemandDraft.author_id,
            DemandDraft.type,
            DemandDraft.title,
            DemandDraft.fields,
            DemandDraft.updated_at,
        ),
        "followed_requests": of(
            DemandFollower.person_id, Demand.id, Demand.title, DemandFollower.since
        ).join_from(DemandFollower, Demand, Demand.id == DemandFollower.demand_id),
        "questions": of(
            Question.asked_by_id, Question.demand_id, Question.text, Question.asked_at, Question.answer
        ),
        "messages": of(Message.author_id, Message.at, Message.text),
        "alerts": of(
            DemandAlert.person_id,
            Organisation.name,
            DemandAlert.frequency,
            DemandAlert.categories,
            DemandAlert.within_m,
            DemandAlert.created_at,
            DemandAlert.last_sent_at,
        ).join_from(DemandAlert, Organisation, Organisation.id == DemandAlert.organisation_id),
        "saved_searches": of(
            SavedSearch.person_id, SavedSearch.name, SavedSearch.query, SavedSearch.frequency
        ),
        "mail_preferences": of(
            MailPreference.person_id, MailPreference.kind, MailPreference.wanted, MailPreference.at
        ),
        "shifts": sa.select(Shift.starts_at, Shift.ends_at, Shift.note)
        .where(Shift.household_id.in_(homes))
        .order_by(Shift.starts_at, Shift.id),
        "cassa": sa.select(Entry.day, Entry.kind, Entry.text, Side.amount)
        .join(Side, Side.entry_id == Entry.id)
        .join(Account, Account.id == Side.account_id)
        .where(Account.household_id.in_(homes))
        .order_by(Entry.id, Side.position),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
