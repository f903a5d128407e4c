"""Who may write to whom about a demand, as a page offers it."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.conversations.operations import why_not
from marketplace.conversations.partners import suppliers_to_write_to
from marketplace.conversations.queries import wisher_name
from marketplace.demands.access import DemandPage
from marketplace.demands.models import Demand
from marketplace.organisations.models import Organisation, Status
from marketplace.organisations.queries import active_organisations_of_editor
from marketplace.proposals.rules import may_supply


@dataclass(frozen=True, slots=True)
class Choices:
    """``own`` and ``other`` are pairs of an id (0: the author of the wish) and a name; ``why_not`` a code."""

    own: list[tuple[int, str]] = field(default_factory=list)
    other: list[tuple[int, str]] = field(default_factory=list)
    why_not: str | None = None

    @property
    def may_start(self) -> bool:
        return bool(self.own and self.other and self.why_not is None)


def choices_for(session: Session, person: User, page: DemandPage, to_slug: str, now: datetime) -> Choices:
    """What this reader of a demand may choose. ``to_slug`` names a supplier to be written to, as from its page."""
    demand = page.demand
    named = _named(session, to_slug)
    if page.is_buyer:
        own = [(demand.organisation_id or 0, _own_name(person, demand))]
        other = [(one.id, one.name) for one in suppliers_to_write_to(session, demand, now)]
        if named is not None and named.id != demand.organisation_id:
            other = [(named.id, named.name), *(pair for pair in other if pair[0] != named.id)]
    else:
        own = [
            (one.id, one.name)
            for one in active_organisations_of_editor(session, person.id)
            if one.id != demand.organisation_id and may_supply(frozenset(kind.kind for kind in one.kinds))
        ]
        if named is not None and named.id != demand.organisation_id:
            other = [(named.id, named.name)]
        elif demand.organisation_id is not None:
            other = [(demand.organisation_id, demand.organisation.name)]
        else:
            other = [(0, wisher_name())] if demand.author_id is not None else []
    if not own:
        return Choices()
    # a page cannot say for each pair; it says for the first one, and writing checks its own
    first = other[0][0] if other else 0
    return Choices(own, other, why_not(session, demand, own[0][0] or None, first or None, now))


def _named(session: Session, slug: str) -> Organisation | None:
    if not slug:
        return None
    return session.scalar(
        sa.select(Organisation).where(Organisation.slug == slug[:120], Organisation.status == Status.ACTIVE)
    )


def _own_name(person: User, demand: Demand) -> str:
    if demand.organisation is not None:
        return demand.organisation.name
    return person.name or wisher_name()
