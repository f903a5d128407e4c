"""Who may choose: the buyer of a demand. To everybody else there is nothing here."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.demands.access import DemandPage, demand_page, is_buyer, state_of
from marketplace.demands.lifecycle import State
from marketplace.demands.models import Demand
from marketplace.demands.types import RANKED_TYPES
from marketplace.errors import NotFound


def buyers_page(session: Session, person: User, demand_id: int, now: datetime, *, ranked: bool) -> DemandPage:
    """The demand for its buyer. ``ranked``: only of the types that rank. Raises :class:`NotFound`."""
    page = demand_page(session, person, demand_id, now)
    if not page.is_buyer or page.state is State.DRAFT or (ranked and page.demand.type not in RANKED_TYPES):
        raise NotFound
    return page


def require_buyer(session: Session, person: User, demand: Demand, now: datetime, *, ranked: bool) -> None:
    """For operations: the actor is the buyer and the demand was published. Raises :class:`NotFound`."""
    if (
        not is_buyer(session, person, demand)
        or state_of(session, demand, now) is State.DRAFT
        or (ranked and demand.type not in RANKED_TYPES)
    ):
        raise NotFound
