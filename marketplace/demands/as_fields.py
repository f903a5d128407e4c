"""A demand as the form that would post it: for a copy of an earlier one. The inverse of reading the form."""

from collections.abc import Iterator, Sequence

from marketplace import engines
from marketplace.demands.models import Demand, Lot
from marketplace.demands.need_form import REQUIRED
from marketplace.demands.particulars import Shape, fields_of
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.plain_decimals import write_decimal

#: Particulars that belong to one purchase only.
OF_ONE_PURCHASE = frozenset({"cig", "platform_link"})


def as_fields(demand: Demand, prompts: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Names and values of form fields. Without dates and codes of one purchase, which are new each time.

    A public body's weights are not copied either: nothing is preset for it, not even by itself (PRACTICE, Public
    buyers 2).
    """
    return [(name, value) for name, value in _fields(demand, prompts) if value != ""]


def _fields(demand: Demand, prompts: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield "title", demand.title
    yield "description", demand.description
    yield "near", demand.place_label
    comune = engines.comuni().get(demand.comune or "")
    if comune is None or (comune.lat, comune.lon) != (demand.lat, demand.lon):
        # put on the map by hand; a municipality's own point comes with its name
        yield "lat", f"{demand.lat:.6f}"
        yield "lon", f"{demand.lon:.6f}"
    yield "mode", demand.mode
    yield "notice_link", demand.notice_link
    yield "proximity_reason", demand.proximity_reason
    if demand.max_distance_m is not None:
        yield "max_distance_km", str(round(demand.max_distance_m / 1000))
    if demand.estimated_value is not None:
        yield "estimated_value", write_decimal(demand.estimated_value, 2, mark=",")
    for position, lot in enumerate(demand.lots):
        yield from ((f"lots-{position}-{name}", value) for name, value in _lot(lot))
    for must in demand.required:
        yield f"criteria-{must['criterion']}", REQUIRED
        for proof in must["proofs"]:
            yield f"proofs-{must['criterion']}", proof
    for wish in demand.preferred:
        yield f"criteria-{wish['criterion']}", str(wish["importance"])
    for month in sorted(demand.months):
        yield "months", str(month)
    for code in demand.qualifications:
        yield "qualifications", code
    if demand.type not in PUBLIC_TYPES:
        yield "weights_of", "community"
        for component, weight in demand.weights.items():
            yield component, str(round(weight))
    for particular in fields_of(demand.type):
        name = f"particulars-{particular.name}"
        value = (demand.particulars or {}).get(particular.name)
        if particular.shape is Shape.PROMPTS:
            yield name, "\n".join(prompts)
        elif particular.shape is Shape.YES_NO:
            yield name, "y" if value else ""
        elif value is not None and particular.name not in OF_ONE_PURCHASE:
            yield name, str(value)


def _lot(lot: Lot) -> Iterator[tuple[str, str]]:
    yield "what", lot.category or lot.cpv or ""
    yield "text", lot.text
    if lot.quantity is not None:
        yield "quantity", write_decimal(lot.quantity, 3, mark=",")
    yield "unit", lot.unit or ""
    if lot.budget is not None:
        yield "budget", write_decimal(lot.budget, 4, mark=",", least=2)
    yield "whole", "" if lot.splittable else "y"
