"""How many could answer what a form says so far, while it is being written."""

from dataclasses import dataclass, replace
from datetime import datetime

from marketplace import engines
from marketplace.demands.law_notes import thresholds_reached
from marketplace.demands.models import DemandType
from marketplace.demands.need import need
from marketplace.demands.need_form import NeedForm
from marketplace.demands.relaxing import Counted, Must, counted
from marketplace.reference.law import LawRow
from search import demand as matching
from search.demand import InvalidDemand
from search.judging import rome_day

#: What is read of a form for the count: the rest may be wrong, or not be there yet.
_COUNTED_FIELDS = ("near", "mode", "criteria", "proofs", "months", "max_distance_km", "qualifications")
_ANYTHING = matching.Weights(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class LiveCount:
    """``counted`` is ``None`` while place or lines are missing; ``reached`` are thresholds of the estimated value."""

    counted: Counted | None
    reached: tuple[LawRow, ...]

    @property
    def must_be_read(self) -> bool:
        """Whether there is something that must have been read before publishing."""
        return bool(self.reached or (self.counted and self.counted.unheld))


def live_count(form: NeedForm, type_: DemandType, now: datetime) -> LiveCount:
    """The count for a form that has been validated, whatever is wrong with the rest of it."""
    value = form.estimated_value.data if "estimated_value" in form else None
    reached = thresholds_reached(engines.law(), type_, value, rome_day(now))
    return LiveCount(_counted(form, type_, now), reached)


def _counted(form: NeedForm, type_: DemandType, now: datetime) -> Counted | None:
    if any(form[name].errors for name in _COUNTED_FIELDS if name in form) or form.near.place is None:
        return None
    lines = [entry for entry in form.lots if not entry.form.is_empty]
    if not lines or any(entry.form.errors for entry in lines):
        return None
    # who is suitable does not depend on what counts how much, nor on the reason for it
    asked = replace(need(form, engines.criteria()), weights=_ANYTHING, proximity_reason="-")
    reserved = frozenset()
    if type_ is DemandType.SOCIAL_COOP_AGREEMENT:
        asked = replace(asked, qualifications=frozenset({"albo_b"}))
        reserved = frozenset({Must.RESERVED})
    try:
        return counted(engines.search_engine(), asked, now, fixed=reserved)
    except InvalidDemand:
        return None
