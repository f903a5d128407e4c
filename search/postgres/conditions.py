"""What is asked, as conditions in SQL with parameters. They leave a little slack where numbers are compared.

Exactly what passes is decided afterwards by :mod:`search.filters` and :mod:`search.ranking`, over columns.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from geo.points import BBox, Point
from search.criteria import CriteriaRegister, Proof
from search.postgres.rows import SRID
from search.queries import MapQuery, SearchQuery
from search.taxonomy import CategoryTree
from search.vocabulary import Vocabulary

SLACK_SHARE, SLACK_M = 1.0001, 1.0
"""How much farther than asked PostgreSQL looks: its sphere and ours differ in the ninth digit."""
SLACK_DEGREES = 1e-6


class Parameters:
    """Collects the values of one statement; ``add`` gives the text that stands for a value in it."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add(self, value: object) -> str:
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


@dataclass(frozen=True, slots=True)
class Asking:
    """What conditions are made of: the schema, the codes, the registers and the day."""

    space: str
    codes: Vocabulary
    tree: CategoryTree
    criteria: CriteriaRegister
    today: date

    def filters(self, query: SearchQuery | MapQuery, put: Parameters) -> list[str]:
        """Conditions on ``o``, an offer, which everything that passes the filters of a query fulfils."""
        conditions = []
        if query.categories:
            conditions.append(f"o.category = ANY({put.add(self.below(query.categories))})")
        for criterion in query.criteria:
            conditions.append(self.holds(criterion, put))
        month = getattr(query, "month", None)
        if month is not None:
            conditions.append(f"o.months & {put.add(1 << (month - 1))} <> 0")
        of_supplier = self.seats(query, put)
        if query.kinds:
            kinds = [self.codes.number(kind) for kind in query.kinds]
            of_supplier.append(f"s.kinds && {put.add(kinds)}::integer[]")
        if of_supplier:
            conditions.append(
                f"o.supplier_id IN (SELECT s.id FROM {self.space}.supplier s WHERE {' AND '.join(of_supplier)})"
            )
        return conditions

    def seats(self, query: SearchQuery | MapQuery, put: Parameters) -> list[str]:
        """Conditions on ``s``, a supplier: its seat in the box and within the radius of a query."""
        conditions = []
        if query.bbox is not None:
            conditions.append(f"s.seat::geometry && {_envelope(query.bbox, put)}")
        near, radius = getattr(query, "near", None), getattr(query, "radius_km", None)
        if near is not None and radius is not None:
            metres = put.add(radius * 1_000 * SLACK_SHARE + SLACK_M)
            conditions.append(f"ST_DWithin(s.seat, {point(near, put)}::geography, {metres}, false)")
        return conditions

    def below(self, categories: Iterable[str]) -> list[int]:
        """The numbers of categories with everything below them, those that nobody has left out."""
        every = {
            each
            for code in categories
            for each in ((code, *self.tree.descendants(code)) if code in self.tree else (code,))
        }
        return sorted(number for code in every if (number := self.codes.number(code)) >= 0)

    def holds(self, criterion: str, put: Parameters) -> str:
        """That an offer holds a criterion on the day, itself or by its supplier."""
        admitted = self.criteria[criterion].proofs if criterion in self.criteria else ()
        claimed = (
            f"FROM {self.space}.claim c WHERE c.criterion = {put.add(self.codes.number(criterion))}"
            f" AND c.proof = ANY({put.add([str(Proof(proof)) for proof in admitted])}::text[])"
            f" AND c.expires >= {put.add(self.today)}"
        )
        return (
            f"(o.supplier_id IN (SELECT c.supplier_id {claimed} AND c.offer_id IS NULL)"
            f" OR o.id IN (SELECT c.offer_id {claimed} AND c.offer_id IS NOT NULL))"
        )


def point(at: Point, put: Parameters) -> str:
    """A point as a geometry."""
    return f"ST_SetSRID(ST_MakePoint({put.add(at.lon)}, {put.add(at.lat)}), {SRID})"


def _envelope(box: BBox, put: Parameters) -> str:
    edges = (
        box.west - SLACK_DEGREES,
        box.south - SLACK_DEGREES,
        box.east + SLACK_DEGREES,
        box.north + SLACK_DEGREES,
    )
    return f"ST_MakeEnvelope({', '.join(put.add(edge) for edge in edges)}, {SRID})"


def all_of(conditions: Sequence[str]) -> str:
    """The conditions joined by AND; true without any."""
    return " AND ".join(conditions) or "true"


def any_of(conditions: Collection[str]) -> str:
    """The conditions joined by OR; false without any."""
    return f"({' OR '.join(conditions)})" if conditions else "false"
