"""What may be asked (MATCHING, Inputs): every rule that a demand can break, each with its field and a code.

A demand is checked where it is entered, so that a form or the API can say everything beside its
field (:func:`problems`), and again by the ranking itself (:func:`validated`).
"""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from search.answer import COMPONENTS
from search.constants import (
    MAX_BUDGET,
    MAX_CRITERIA,
    MAX_DISTANCE_LIMIT_KM,
    MAX_HALF_LIFE_KM,
    MAX_IMPORTANCE,
    MAX_LOTS,
    MAX_QUALIFICATIONS,
    MAX_QUANTITY,
    MAX_TEXT_CHARACTERS,
    MAX_WEIGHT,
    MIN_HALF_LIFE_KM,
    MIN_IMPORTANCE,
)
from search.criteria import EVIDENCE_VALUES, CriteriaRegister, Criterion, Proof
from search.demand import Demand, InvalidDemand, Lot, Mode, Profile, Required
from search.taxonomy import CategoryTree, cpv_prefix
from search.weights import weighing

EvidenceValues = Mapping[Profile, Mapping[Proof, float]]
"""What a proof is worth, 0 to 1, by profile; :data:`search.criteria.EVIDENCE_VALUES` unless a district says else."""

#: Every code of an InvalidDemand, with the names of its values.
CODES: dict[str, tuple[str, ...]] = {
    "missing": (),
    "unknown": ("value",),
    "malformed": ("value",),
    "repeated": ("value",),
    "not_a_number": (),
    "not_positive": (),
    "out_of_range": ("least", "most"),
    "too_many": ("most",),
    "too_long": ("most",),
    # a proof that the criterion does not admit
    "not_admitted": ("proof",),
    # a criterion, or a proof for it, that a public body may not require
    "not_for_public": ("value",),
    # a public body states every weight itself
    "public_states_all": (),
    # the weights that are left after dropping are all 0
    "all_zero": (),
    # a public body that weighs nearness or limits the distance writes down why
    "reason_needed": (),
}


def validated(
    demand: Demand, tree: CategoryTree, criteria: CriteriaRegister, values: EvidenceValues = EVIDENCE_VALUES
) -> Demand:
    """The demand itself. Raises :class:`InvalidDemand` for the first rule that it breaks."""
    for problem in problems(demand, tree, criteria, values):
        raise problem
    return demand


def problems(
    demand: Demand, tree: CategoryTree, criteria: CriteriaRegister, values: EvidenceValues = EVIDENCE_VALUES
) -> Iterator[InvalidDemand]:
    """Every rule that the demand breaks, in the order of its fields.

    ``values`` says what a proof is worth to each profile: a public body may accept only those above 0.
    """
    if demand.profile not in tuple(Profile):
        yield InvalidDemand("profile", "unknown", value=str(demand.profile))
        return
    if demand.mode not in tuple(Mode):
        yield InvalidDemand("mode", "unknown", value=str(demand.mode))
        return
    if demand.place is None:
        yield InvalidDemand("place", "missing")
    yield from _distance_problems(demand)
    yield from _lots_problems(demand.lots, tree)
    yield from _required_problems(demand, criteria, values)
    yield from _preferred_problems(demand, criteria)
    yield from _count_problems("qualifications", demand.qualifications, MAX_QUALIFICATIONS)
    if not all(type(month) is int and 1 <= month <= 12 for month in demand.months):
        yield InvalidDemand("months", "out_of_range", least=1, most=12)
    yield from _weights_problems(demand)
    yield from _reason_problems(demand)


def _distance_problems(demand: Demand) -> Iterator[InvalidDemand]:
    if demand.max_distance_km is not None:
        yield from _range_problems("max_distance_km", demand.max_distance_km, 0.0, MAX_DISTANCE_LIMIT_KM)
    yield from _range_problems("half_life_km", demand.half_life_km, MIN_HALF_LIFE_KM, MAX_HALF_LIFE_KM)


def _lots_problems(lots: tuple[Lot, ...], tree: CategoryTree) -> Iterator[InvalidDemand]:
    if not lots:
        yield InvalidDemand("lots", "missing")
    yield from _count_problems("lots", lots, MAX_LOTS)
    for position, lot in enumerate(lots):
        field = f"lots.{position}"
        if lot.category is None and lot.cpv is None:
            yield InvalidDemand(f"{field}.category", "missing")
        if lot.category is not None and lot.category not in tree:
            yield InvalidDemand(f"{field}.category", "unknown", value=lot.category)
        if lot.cpv is not None and cpv_prefix(lot.cpv) is None:
            yield InvalidDemand(f"{field}.cpv", "malformed", value=lot.cpv)
        if len(lot.text) > MAX_TEXT_CHARACTERS:
            yield InvalidDemand(f"{field}.text", "too_long", most=MAX_TEXT_CHARACTERS)
        for name, most in (("quantity", MAX_QUANTITY), ("budget", MAX_BUDGET)):
            amount = getattr(lot, name)
            if amount is None:
                continue
            if type(amount) is not int:
                yield InvalidDemand(f"{field}.{name}", "not_a_number")
            elif amount <= 0:
                yield InvalidDemand(f"{field}.{name}", "not_positive")
            elif amount > most:
                yield InvalidDemand(f"{field}.{name}", "out_of_range", least=1, most=most)


def _required_problems(
    demand: Demand, criteria: CriteriaRegister, values: EvidenceValues
) -> Iterator[InvalidDemand]:
    yield from _criteria_problems("required", [required.criterion for required in demand.required], criteria)
    for position, required in enumerate(demand.required):
        if required.criterion in criteria:
            field = f"required.{position}.proofs"
            yield from _proofs_problems(field, required, demand.profile, criteria[required.criterion], values)


def _proofs_problems(
    field: str, required: Required, profile: Profile, criterion: Criterion, values: EvidenceValues
) -> Iterator[InvalidDemand]:
    if profile == Profile.PUBLIC and not criterion.public_may_require:
        yield InvalidDemand(
            field.removesuffix("proofs") + "criterion", "not_for_public", value=criterion.code
        )
        return
    if not required.proofs:
        yield InvalidDemand(field, "missing")
    for proof in sorted(required.proofs):
        if proof not in tuple(Proof):
            yield InvalidDemand(field, "unknown", value=proof)
        elif not criterion.admits(proof):
            yield InvalidDemand(field, "not_admitted", proof=proof)
        elif profile == Profile.PUBLIC and values[profile][Proof(proof)] <= 0:
            yield InvalidDemand(field, "not_for_public", value=proof)


def _preferred_problems(demand: Demand, criteria: CriteriaRegister) -> Iterator[InvalidDemand]:
    yield from _criteria_problems("preferred", [wish.criterion for wish in demand.preferred], criteria)
    for position, wish in enumerate(demand.preferred):
        if type(wish.importance) is not int or not MIN_IMPORTANCE <= wish.importance <= MAX_IMPORTANCE:
            field = f"preferred.{position}.importance"
            yield InvalidDemand(field, "out_of_range", least=MIN_IMPORTANCE, most=MAX_IMPORTANCE)


def _criteria_problems(field: str, codes: list[str], criteria: CriteriaRegister) -> Iterator[InvalidDemand]:
    yield from _count_problems(field, codes, MAX_CRITERIA)
    times = Counter(codes)
    for position, code in enumerate(codes):
        if code not in criteria:
            yield InvalidDemand(f"{field}.{position}.criterion", "unknown", value=code)
        elif times[code] > 1:
            yield InvalidDemand(f"{field}.{position}.criterion", "repeated", value=code)


def _weights_problems(demand: Demand) -> Iterator[InvalidDemand]:
    wrong = False
    for component in COMPONENTS:
        weight = getattr(demand.weights, component)
        field = f"weights.{component}"
        if weight is None:
            if demand.profile == Profile.PUBLIC:
                wrong = True
                yield InvalidDemand(field, "public_states_all")
            continue
        for problem in _range_problems(field, weight, 0.0, MAX_WEIGHT):
            wrong = True
            yield problem
    if not wrong and weighing(demand).total <= 0:
        yield InvalidDemand("weights", "all_zero")


def _reason_problems(demand: Demand) -> Iterator[InvalidDemand]:
    nearness_counts = demand.max_distance_km is not None or (demand.weights.proximity or 0) > 0
    if demand.profile == Profile.PUBLIC and nearness_counts and not demand.proximity_reason.strip():
        yield InvalidDemand("proximity_reason", "reason_needed")


def _range_problems(field: str, number: float, least: float, most: float) -> Iterator[InvalidDemand]:
    # math.isfinite would overflow on a whole number beyond the floats; the range refuses it anyway.
    finite = isinstance(number, int) or (isinstance(number, float) and math.isfinite(number))
    if isinstance(number, bool) or not finite:
        yield InvalidDemand(field, "not_a_number")
    elif not least <= number <= most:
        yield InvalidDemand(field, "out_of_range", least=least, most=most)


def _count_problems(field: str, items: Collection, most: int) -> Iterator[InvalidDemand]:
    if len(items) > most:
        yield InvalidDemand(field, "too_many", most=most)
