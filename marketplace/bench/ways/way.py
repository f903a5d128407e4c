"""What every way of searching must be able to do to be measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.criteria import CriteriaRegister
from search.demand import Demand
from search.documents import SupplierDocument
from search.queries import MapQuery, SearchQuery
from search.taxonomy import CategoryTree

HITS = 20
"""How many hits a search gives: a page."""


def does(way: "Way", work: str) -> bool:
    """Whether the way can be asked for a work: all can for everything, unless they name their ``works``."""
    return work == "build" or work in getattr(way, "works", {work})


FacetCounts = Mapping[str, Mapping[object, int]]
"""By facet (``category``, ``criterion``, ``kind``, ``distance``) the number of results of each value."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every way is made of: a folder of its own, the registers, and ISTAT codes to names of comuni."""

    folder: Path
    tree: CategoryTree
    criteria: CriteriaRegister
    comune_names: Mapping[str, str]


class Way(Protocol):
    """One way of searching a district, kept in a folder.

    ``build`` may run in another process than the questions: what it makes is on the disk. Texts are found by the
    stems of :func:`search.text.stems` in every way, and an offer must have all of them. Only ``text`` looks for
    any of them where fewer than :data:`search.query_text.ENOUGH` offers have all, so that no page is empty.
    A yardstick that does only some of it names those in ``works``.
    """

    name: str

    def build(self, suppliers: Iterable[SupplierDocument]) -> None: ...

    def text(self, query: SearchQuery) -> Sequence[int]:
        """Ids of the best :data:`HITS` offers for the words."""
        ...

    def text_place_criteria(self, query: SearchQuery) -> Sequence[int]:
        """The same within a radius and with criteria."""
        ...

    def facets(self, query: SearchQuery) -> FacetCounts:
        """The four counts over all results of a text, with the distance from a place."""
        ...

    def map_box(self, query: MapQuery) -> int:
        """How many suppliers with an offer have their seat in a box, those to be drawn being read too."""
        ...

    def match_30km(self, demand: Demand) -> Sequence[int]:
        """Ids of the suppliers that can answer a demand, best first as far as the way can tell."""
        ...

    def publish(self, supplier: SupplierDocument) -> None:
        """Put or replace a supplier with its offers; whoever asks next finds it."""
        ...
