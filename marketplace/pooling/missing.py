"""Where supply is missing: demands that nobody near can answer, or that nobody answered, by category and comune.

Of a demand whose answers are still to come nothing is said but whether anybody suits it; that nobody answered is said
once it has closed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.demands.lifecycle import state
from marketplace.demands.models import Demand
from marketplace.demands.queries import public_ids
from marketplace.demands.types import RANKED_TYPES
from marketplace.demands.values import readable
from marketplace.proposals.models import Proposal

#: Demands looked at, the newest, and how old they may be.
MOST = 300
NOT_OLDER = timedelta(days=365)


@dataclass(slots=True)
class Gap:
    """A category that is missing at a comune. ``demands`` are pairs of id and title."""

    category: str
    comune: str | None
    place: str
    lat: float
    lon: float
    without_supplier: int = 0
    without_answer: int = 0
    demands: list[tuple[int, str]] = field(default_factory=list)


def gaps(session: Session, now: datetime) -> list[Gap]:
    """All of them, where most is missing first. Four queries and one count of suitable suppliers."""
    answered = sa.exists().where(
        Proposal.demand_id == Demand.id, Proposal.submitted_at.is_not(None), Proposal.withdrawn_at.is_(None)
    )
    rows = session.execute(
        sa.select(Demand, answered)
        .where(
            Demand.id.in_(public_ids(now)),
            Demand.type.in_(RANKED_TYPES),
            Demand.published_at > now - NOT_OLDER,
        )
        .order_by(Demand.published_at.desc(), Demand.id.desc())
        .limit(MOST)
    ).all()
    answers = {demand.id: has_answers for demand, has_answers in rows}
    asked = readable(demand for demand, _any in rows)
    counts = engines.search_engine().suitable_counts([value for _demand, value in asked], now)
    found: dict[tuple[str, str], Gap] = {}
    for (demand, _value), suitable in zip(asked, counts, strict=True):
        nobody_answered = not state(demand, now).takes_answers and not answers[demand.id]
        if suitable and not nobody_answered:
            continue
        for category in _categories(demand):
            key = (category, demand.comune or demand.place_label)
            gap = found.get(key)
            if gap is None:
                gap = found[key] = _gap(category, demand)
            gap.without_supplier += not suitable
            gap.without_answer += bool(suitable)
            gap.demands.append((demand.id, demand.title))
    return sorted(found.values(), key=lambda gap: (-len(gap.demands), gap.category, gap.place))


def _categories(demand: Demand) -> list[str]:
    tree = engines.categories()
    codes: dict[str, None] = {}
    for lot in demand.lots:
        if lot.category:
            codes[lot.category] = None
        elif lot.cpv:
            codes.update(dict.fromkeys(tree.by_cpv(lot.cpv)))
    return [code for code in codes if code in tree]


def _gap(category: str, demand: Demand) -> Gap:
    """At the comune's own point, never where the demand lies: a resident's home is nobody's business."""
    comune = engines.comuni().get(demand.comune) if demand.comune else None
    if comune is None:
        return Gap(category, None, demand.place_label, round(demand.lat, 2), round(demand.lon, 2))
    return Gap(category, comune.istat, comune.label, comune.lat, comune.lon)
