"""Which saved searches a new or changed offer answers: the searches are indexed, and the offer is the question.

A search finds an offer here as the search engine would (:mod:`search.embedded`): its words by the same stems, in the
same texts of the offer, its categories with all below, its criteria by claims that count today, its distance from
the seat. Two differences, both because nobody wants to hear of what is only nearly right: all words must be there,
where an engine with few results gives up some; and no word is looked for in another spelling. A search may also
take what is delivered to its place from farther away.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from geo.areas import Place
from geo.distance import haversine_km_many
from search.criteria import CriteriaRegister, Proof
from search.criterion_labels import criteria_named
from search.documents import ClaimDocument, OfferDocument, SupplierDocument
from search.judging import rome_day
from search.offer_stems import OfferAnalysis
from search.queries import SearchQuery
from search.query_text import Clause, Term, TextQuery, parse_query_text
from search.taxonomy import CategoryTree

#: The key of searches that any offer may answer.
_ANY = ("any", "")


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search by its key. ``delivered_to``: what goes there counts, however far away it comes from."""

    key: Hashable
    query: SearchQuery
    delivered_to: Place | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A saved search, its text read once."""

    kept: Kept
    text: TextQuery
    by_label: dict[str, list[str]]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """An offer as searches see it: stems with their positions, criteria held today."""

    offer: OfferDocument
    supplier: SupplierDocument
    stems: frozenset[str]
    positions: dict[str, frozenset[int]]
    criteria: frozenset[str]


class ReverseIndex:
    """Saved searches, each under the words (or the categories) of which an offer must have one. Immutable."""

    def __init__(
        self,
        searches: Iterable[Kept],
        tree: CategoryTree,
        criteria: CriteriaRegister,
        comune_names: dict[str, str],
    ) -> None:
        self._tree, self._criteria = tree, criteria
        self._analysis = OfferAnalysis(tree, comune_names)
        self._searches = [self._read(kept) for kept in searches]
        self._under: dict[tuple[str, str], list[int]] = {}
        for number, search in enumerate(self._searches):
            for key in set(self._keys(search)):
                self._under.setdefault(key, []).append(number)
        near = [search.kept.query.near for search in self._searches]
        self._lats = np.array([point.lat if point else np.nan for point in near])
        self._lons = np.array([point.lon if point else np.nan for point in near])
        self._radius = np.array(
            [
                search.kept.query.radius_km if search.kept.query.radius_km is not None and point else np.inf
                for search, point in zip(self._searches, near, strict=True)
            ]
        )

    def __len__(self) -> int:
        return len(self._searches)

    def answered_by(
        self, supplier: SupplierDocument, offers: Iterable[OfferDocument], now: datetime
    ) -> Iterator[tuple[OfferDocument, list[Hashable]]]:
        """Each of the supplier's ``offers`` with the keys of the searches that find it, in the order given."""
        if not supplier.active:
            return
        today = rome_day(now)
        near_enough = self._near_enough(supplier)
        shared = self._analysis.supplier_context(supplier)
        of_supplier = frozenset(self._held(supplier.claims, today))
        reached: dict[tuple, bool] = {}
        for offer in offers:
            if not offer.published:
                continue
            found = self._analysis.offer(offer, shared)
            positions = {stem: frozenset(places) for stem, _weight, places in found.own}
            stems = frozenset(positions).union(stem for stem, *_ in found.context)
            seen = _Seen(
                offer, supplier, stems, positions, of_supplier.union(self._held(offer.claims, today))
            )
            yield (
                offer,
                [
                    self._searches[number].kept.key
                    for number in self._candidates(seen)
                    if (near_enough[number] or self._goes_there(seen, number, reached))
                    and self._finds(self._searches[number], seen)
                ],
            )

    def _read(self, kept: Kept) -> _Read:
        text = parse_query_text(kept.query.text)
        return _Read(
            kept,
            text,
            criteria_named(text, self._criteria),
            frozenset(self._with_descendants(kept.query.categories)),
        )

    def _keys(self, search: _Read) -> Iterator[tuple[str, str]]:
        """What an offer must have one of, for the search to be looked at."""
        if search.text.clauses:
            for term in search.text.clauses[0].alternatives:
                if term.cpv:
                    yield from (("category", code) for code in self._of_cpv(term.cpv))
                else:
                    yield "stem", term.stems[0]
                    if len(term.stems) == 1:
                        yield from (("criterion", code) for code in search.by_label.get(term.stems[0], ()))
        elif search.categories:
            yield from (("category", code) for code in search.categories)
        else:
            yield _ANY

    def _candidates(self, seen: _Seen) -> list[int]:
        keys = [_ANY, ("category", seen.offer.category)]
        keys += [("criterion", code) for code in seen.criteria]
        found = set()
        for key in keys:
            found.update(self._under.get(key, ()))
        for stem in seen.stems:
            found.update(self._under.get(("stem", stem), ()))
        return sorted(found)

    def _near_enough(self, supplier: SupplierDocument) -> np.ndarray:
        """Mask over the searches: those without a radius, and those within whose radius the seat lies."""
        without = np.isinf(self._radius)
        if supplier.seat is None or without.all():
            return without
        km = haversine_km_many(supplier.seat, self._lats, self._lons)
        return without | (km <= self._radius)

    def _goes_there(self, seen: _Seen, number: int, reached: dict[tuple, bool]) -> bool:
        place = self._searches[number].kept.delivered_to
        if place is None:
            return False
        key = (place, seen.offer.areas)
        if key not in reached:
            areas = seen.supplier.areas
            own = areas if seen.offer.areas is None else [areas[position] for position in seen.offer.areas]
            reached[key] = any(area.covers(place) for area in own)
        return reached[key]

    def _finds(self, search: _Read, seen: _Seen) -> bool:
        query = search.kept.query
        if query.categories and seen.offer.category not in search.categories:
            return False
        if query.kinds and not seen.supplier.kinds & set(query.kinds):
            return False
        if not seen.criteria.issuperset(query.criteria):
            return False
        if query.month is not None and seen.offer.months and query.month not in seen.offer.months:
            return False
        return all(self._has_clause(clause, search, seen) for clause in search.text.clauses) and not any(
            self._has(term, {}, seen) for term in search.text.excluded
        )

    def _has_clause(self, clause: Clause, search: _Read, seen: _Seen) -> bool:
        return any(self._has(term, search.by_label, seen) for term in clause.alternatives)

    def _has(self, term: Term, by_label: dict[str, list[str]], seen: _Seen) -> bool:
        if term.cpv:
            return seen.offer.category in self._of_cpv(term.cpv)
        if len(term.stems) > 1:
            first = seen.positions.get(term.stems[0], frozenset())
            return any(
                all(place + n in seen.positions.get(stem, ()) for n, stem in enumerate(term.stems))
                for place in first
            )
        stem = term.stems[0]
        return stem in seen.stems or not seen.criteria.isdisjoint(by_label.get(stem, ()))

    def _held(self, claims: Iterable[ClaimDocument], today: date) -> Iterator[str]:
        """Criteria by the claims that count today (see :mod:`search.held_criteria`)."""
        for claim in claims:
            criterion = self._criteria.get(claim.criterion)
            proof = claim.proof if claim.verified else Proof.DECLARED
            if (
                criterion is not None
                and criterion.admits(proof)
                and (claim.expires is None or claim.expires >= today)
            ):
                yield claim.criterion

    def _of_cpv(self, cpv: str) -> frozenset[str]:
        return frozenset(self._with_descendants(self._tree.by_cpv(cpv)))

    def _with_descendants(self, codes: Iterable[str]) -> Iterator[str]:
        for code in codes:
            yield code
            if code in self._tree:
                yield from self._tree.descendants(code)
