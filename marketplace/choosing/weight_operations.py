"""What counts and how much, once answers are there: a community may move it, a public body may not."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import audit, engines
from marketplace.accounts.models import User
from marketplace.choosing.access import require_buyer
from marketplace.demands.models import Demand
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.demands.values import matchable
from marketplace.errors import Conflict, Invalid
from search.answer import COMPONENTS
from search.demand import InvalidDemand, Weights
from search.validation import validated


def move_weights(session: Session, actor: User, demand: Demand, weights: Weights, *, now: datetime) -> None:
    """Keep other weights with the demand; each change leaves a trace with what was before.

    Raises :class:`marketplace.errors.NotFound` for all but the buyer, :class:`Conflict` (``weights_locked``) for a
    public body's demand, :class:`Invalid` where nothing would count.
    """
    require_buyer(session, actor, demand, now, ranked=True)
    if demand.type in PUBLIC_TYPES:
        raise Conflict(
            _("What counts was fixed when the request was published: it cannot be moved any more."),
            code="weights_locked",
        )
    before = dict(demand.weights)
    after = {name: weight for name in COMPONENTS if (weight := getattr(weights, name)) is not None}
    if after == before:
        return
    demand.weights = after
    try:
        validated(matchable(demand), engines.categories(), engines.criteria())
    except InvalidDemand:
        demand.weights = before
        raise Invalid(_("Something must count more than nothing."), field="fit") from None
    audit.record(
        session,
        now=now,
        actor_id=actor.id,
        verb="demand.weights_moved",
        subject=demand,
        before=before,
        after=after,
    )
    session.commit()
