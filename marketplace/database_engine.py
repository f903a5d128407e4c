"""The engine that needs no index: it reads the suppliers in question from the database and ranks them as they are.

Slower and plainer than the index (no spelling, no phrases, relevance by counting words), it serves while
the index is missing or damaged. A match is exactly the same, because the same function ranks the same documents.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from geo.distance import haversine_km_many
from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.db import db
from marketplace.organisations.models import Organisation, Status
from search.answer import Answer
from search.browsing import kilometres, page_of, score_found
from search.clusters import map_of
from search.columns import Columns
from search.constants import DEFAULT_MATCHES, DEFAULT_NEAR_MISSES
from search.criteria import CriteriaRegister
from search.demand import Demand
from search.documents import SupplierDocument
from search.facets import NOTHING_COUNTED, count_facets
from search.filters import passing
from search.held_criteria import HeldCriteria
from search.judging import rome_day
from search.memory import World, category_stems, stem_rows_of
from search.queries import MapAnswer, MapQuery, Page, SearchQuery
from search.query_text import Term, TextQuery, parse_query_text, words_needed
from search.taxonomy import CategoryTree

#: Suppliers read for one answer; beyond, the answer is of the first of them and still flagged as degraded.
MAX_SUPPLIERS = 3000
#: Words looked for in the texts; the rest of a long question would only slow the database.
MAX_CLAUSES = 8


class DatabaseEngine:
    """The reading half of :class:`search.engine.Engine`, over the session of the running application."""

    def __init__(
        self,
        tree: CategoryTree,
        criteria: CriteriaRegister,
        session: Callable[[], Session] = lambda: db.session,
    ):
        self._tree, self._criteria, self._session = tree, criteria, session

    def search(self, query: SearchQuery, now: datetime) -> Page:
        parsed = parse_query_text(query.text)
        parsed = TextQuery(parsed.clauses[:MAX_CLAUSES], parsed.excluded[:MAX_CLAUSES])
        documents = self._documents(self._offers_in_question(parsed, query.categories))
        columns = Columns.build(documents)
        held = HeldCriteria.on(rome_day(now), columns, self._criteria)
        offers = [offer for document in documents for offer in document.offers]
        rows, relevance = self._found(parsed, offers)
        km = None if query.near is None else haversine_km_many(query.near, columns.lats, columns.lons)
        passed = passing(columns, rows, query, held, self._tree, km)
        if relevance is not None:
            relevance = relevance[np.searchsorted(rows, passed)]
        found = score_found(passed, relevance, kilometres(columns, passed, query.near, km))
        facets = (
            count_facets(columns, passed, held, self._tree, found.km) if query.counted else NOTHING_COUNTED
        )
        return page_of(columns, found, query, facets, degraded=True)

    def match(
        self,
        demand: Demand,
        now: datetime,
        limit: int | None = DEFAULT_MATCHES,
        near_miss_limit: int | None = DEFAULT_NEAR_MISSES,
    ) -> Answer:
        # every active supplier, because the answer counts those who were considered
        world = World(supplier_documents(self._session()), self._tree, self._criteria)
        return world.match(demand, now, limit, near_miss_limit)

    def suitable_counts(self, demands: Sequence[Demand], now: datetime) -> tuple[int, ...]:
        world = World(supplier_documents(self._session()), self._tree, self._criteria)
        return world.suitable_counts(demands, now)

    def map(self, query: MapQuery, now: datetime) -> MapAnswer:
        columns = Columns.build(self._documents(self._offers_in_question(TextQuery(), query.categories)))
        held = HeldCriteria.on(rome_day(now), columns, self._criteria)
        return map_of(columns, passing(columns, np.arange(len(columns.offers)), query, held, self._tree))

    def suggest(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Titles that begin with what is typed."""
        sought = prefix.replace("\0", "").strip()
        if not sought:
            return ()
        titles = self._session().scalars(
            sa.select(Offer.title)
            .join(Offer.organisation)
            .where(
                Offer.status == OfferStatus.PUBLISHED,
                Organisation.status == Status.ACTIVE,
                Offer.title.istartswith(sought, autoescape=True),
            )
            .distinct()
            .order_by(Offer.title)
            .limit(limit)
        )
        return tuple(titles)

    def _documents(self, wanted) -> list[SupplierDocument]:
        """The suppliers of the offers that ``wanted``, a condition in SQL, picks out, with all of their offers."""
        ids = self._session().scalars(
            sa.select(Offer.organisation_id)
            .where(Offer.status == OfferStatus.PUBLISHED, wanted)
            .distinct()
            .order_by(Offer.organisation_id)
            .limit(MAX_SUPPLIERS)
        )
        return list(supplier_documents(self._session(), ids.all()))

    def _offers_in_question(self, text: TextQuery, categories: Collection[str]):
        """SQL for offers that may be found: one of the words in a text or in the names of the category, and the categories."""
        conditions = []
        terms = [term for clause in text.clauses for term in clause.alternatives]
        if terms:
            conditions.append(sa.or_(*(self._may_have(term) for term in terms)))
        if categories:
            conditions.append(Offer.category.in_(self._with_descendants(categories)))
        return sa.and_(sa.true(), *conditions)

    def _may_have(self, term: Term):
        if term.cpv is not None:
            return Offer.category.in_(self._of_cpv(term.cpv))
        return sa.and_(
            *(
                sa.or_(
                    Offer.title.icontains(stem, autoescape=True),
                    Offer.description.icontains(stem, autoescape=True),
                    Offer.category.in_(self._named(stem)),
                )
                for stem in term.stems
            )
        )

    def _found(self, text: TextQuery, offers) -> tuple[np.ndarray, np.ndarray | None]:
        """Rows of the offers that the text finds, and how many of its words each has; all of them without words."""
        rows = np.arange(len(offers))
        if not text:
            return rows, None
        having_stem = stem_rows_of(offers, self._tree)

        def having(term: Term) -> np.ndarray:
            mask = np.ones(len(offers), dtype=np.bool_)
            if term.cpv is not None:
                return _in(self._of_cpv(term.cpv), offers)
            for stem in term.stems:
                has = _in(self._named(stem), offers)
                has[having_stem(stem)] = True
                mask &= has
            return mask

        allowed = np.ones(len(offers), dtype=np.bool_)
        for term in text.excluded:
            allowed &= ~having(term)
        masks = [
            (clause, np.logical_or.reduce([having(term) for term in clause.alternatives]))
            for clause in text.clauses
        ]
        for clause, mask in masks:
            if clause.required:
                allowed &= mask
        # a word that nobody uses is left out, unless it is required
        known = [mask & allowed for _clause, mask in masks if mask.any()]
        if not text.clauses:
            return rows[allowed], None
        if not known:
            return rows[:0], np.zeros(0)
        count = np.sum(known, axis=0)
        needed = words_needed([int((count >= n).sum()) for n in range(len(known) + 1)], len(known))
        rows = np.flatnonzero(count >= needed)
        return rows, count[rows].astype(np.float64)

    def _named(self, stem: str) -> list[str]:
        """The categories one of whose names has the stem, and those below them."""
        return self._with_descendants(
            category.code for category in self._tree if stem in category_stems(category)
        )

    def _of_cpv(self, cpv: str) -> list[str]:
        return self._with_descendants(self._tree.by_cpv(cpv))

    def _with_descendants(self, codes: Iterable[str]) -> list[str]:
        known = [code for code in codes if code in self._tree]
        return sorted({each for code in known for each in (code, *self._tree.descendants(code))})


def _in(categories: Collection[str], offers) -> np.ndarray:
    wanted = set(categories)
    return np.array([offer.category in wanted for offer in offers], dtype=np.bool_)
