"""demands.csv and lots.csv: what is needed, where, and what counts."""

from datetime import time

from marketplace.demands.models import DemandType
from marketplace.district.dataset.cells import Cells
from marketplace.district.dataset.organisations import MAX_DESCRIPTION
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import DemandRow, LotRow, Seat
from marketplace.district.dataset.values import (
    email,
    items,
    key,
    moment,
    months,
    one_of,
    scaled,
    several_of,
    web_address,
    yes_or_no,
)
from marketplace.words import QUALIFICATIONS, UNITS
from search.answer import COMPONENTS
from search.constants import MAX_BUDGET, MAX_DISTANCE_LIMIT_KM, MAX_QUANTITY
from search.demand import Mode

_METRES = scaled(3, most=int(MAX_DISTANCE_LIMIT_KM) * 1000)


def read_lot(cells: Cells, reference: Reference) -> LotRow | None:
    """One line of a demand, or None where the row has a problem."""
    row = LotRow(
        line=cells.line,
        demand=cells.parsed("demand", key, needed=True),
        position=cells.parsed("position", scaled(0, least=1, most=10_000), needed=True),
        category=cells.parsed("category", reference.category),
        cpv=cells.parsed("cpv", reference.cpv_code),
        text=cells.text("text", 200),
        quantity=cells.parsed("quantity", scaled(3, least=1, most=MAX_QUANTITY)),
        unit=cells.parsed("unit", one_of(UNITS)),
        budget=cells.parsed("budget", scaled(4, least=1, most=MAX_BUDGET)),
        splittable=cells.parsed("splittable", yes_or_no, True),
    )
    if (cells.raw("quantity") or cells.raw("budget")) and not cells.raw("unit"):
        cells.refuse("unit", "a quantity or a budget needs its unit")
    return row if cells.good else None


def read_demand(cells: Cells, reference: Reference) -> DemandRow | None:
    """One demand without its lots, or None. The rules that join columns and lots are in the cross checks."""
    place = cells.parsed("place", reference.place, needed=True)
    row = {
        "line": cells.line,
        "key": cells.parsed("key", key, needed=True),
        "organisation": cells.parsed("organisation", key),
        "author": cells.parsed("author", email),
        "type": cells.parsed("type", one_of(tuple(DemandType)), needed=True),
        "title": cells.text("title", 160, needed=True),
        "description": cells.text("description", MAX_DESCRIPTION, lines=True),
        "mode": cells.parsed("mode", one_of(tuple(Mode)), needed=True),
        "max_distance_m": cells.parsed("max_distance_km", _METRES),
        "half_life_m": cells.parsed("half_life_km", _METRES, 10_000),
        "proximity_reason": cells.text("proximity_reason", MAX_DESCRIPTION, lines=True),
        "required": cells.parsed("required", _required, []),
        "preferred": cells.parsed("preferred", _preferred, []),
        "qualifications": cells.parsed("qualifications", several_of(QUALIFICATIONS), []),
        "months": cells.parsed("months", months, frozenset()),
        "weights": cells.parsed("weights", _weights, {}),
        "budget_with_vat": cells.parsed("budget_with_vat", yes_or_no),
        "notice_link": cells.parsed("notice_link", web_address, ""),
        "published_at": cells.parsed("published", moment(time())),
        "closes_at": cells.parsed("closes", moment(time(23, 59))),
    }
    if place is None or not cells.good:
        return None
    row["seat"] = Seat(place.label, place.comune, place.province, place.point.lat, place.point.lon)
    return DemandRow(**row)


def _pairs(text: str, example: str) -> list[tuple[str, str]]:
    pairs = []
    for item in items(text):
        name, equals, value = (part.strip() for part in item.partition("="))
        if not (name and equals and value):
            raise ValueError(f"{item!r} is not written as {example}")
        if name in dict(pairs):
            raise ValueError(f"{name} is written twice")
        pairs.append((name, value))
    return pairs


def _required(text: str) -> list[dict]:
    """``organic=certified; work_inclusion=register+signed``: criteria with the proofs accepted for each."""
    return [
        {"criterion": criterion, "proofs": sorted({proof.strip() for proof in proofs.split("+")})}
        for criterion, proofs in _pairs(text, "criterion=proof+proof")
    ]


def _preferred(text: str) -> list[dict]:
    """``fair_trade=3; decent_work=1``: criteria with their importance."""
    importance = scaled(0, least=1, most=3)
    return [
        {"criterion": criterion, "importance": importance(level)}
        for criterion, level in _pairs(text, "criterion=importance")
    ]


def _weights(text: str) -> dict[str, float]:
    """``fit=3; proximity=0; values=4; price=1``."""
    weight = scaled(3, most=10**9)
    name = one_of(COMPONENTS)
    return {name(component): weight(number) / 1000 for component, number in _pairs(text, "component=number")}
