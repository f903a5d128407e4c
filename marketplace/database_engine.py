"""The engine that needs no index: it reads the suppliers in question from the database and ranks them as they are.

Slower and plainer than the index (no spelling, no phrases, relevance by counting words), it serves while
the index is missing or damaged. A match is exactly the same, because the same function ranks the same documents.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from geo.distance import haversine_km_many
from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.db import db
from marketplace.organisations.models import Organisation, Status
from search.answer import Answer
from search.browsing import kilometres, ordered, score_found
from search.clusters import grid_clusters
from search.columns import Columns
from search.constants import DEFAULT_MATCHES, DEFAULT_NEAR_MISSES
from search.criteria import CriteriaRegister
from search.demand import Demand
from search.documents import SupplierDocument
from search.facets import count_facets
from search.filters import passing
from search.held_criteria import HeldCriteria
from search.judging import rome_day
from search.memory import World, category_stems, stem_rows_of
from search.queries import MAX_MAP_FEATURES, MAX_PER_PAGE, Hit, MapAnswer, MapQuery, Page, SearchQuery
from search.reasons import Reason
from search.taxonomy import CategoryTree
from search.text import stems

#: Suppliers read for one answer; beyond, the answer is of the first of them and still flagged as degraded.
MAX_SUPPLIERS = 3000
#: Stems looked for in the texts; the rest of a long question would only slow the database.
MAX_STEMS = 8


class DatabaseEngine:
    """The reading half of :class:`search.engine.Engine` over the running application's session."""

    def __init__(self, tree: CategoryTree, criteria: CriteriaRegister):
        self._tree, self._criteria = tree, criteria

    def search(self, query: SearchQuery, now: datetime) -> Page:
        sought = list(dict.fromkeys(stems(query.text)))[:MAX_STEMS]
        documents = self._documents(self._offers_with(sought, query.categories))
        columns = Columns.build(documents)
        held = HeldCriteria.on(rome_day(now), columns, self._criteria)
        offers = [offer for document in documents for offer in document.offers]
        rows, words = np.arange(len(offers)), None
        if sought:
            rows, words = self._having_all(sought, offers)
        km = None
        if query.near is not None:
            km = haversine_km_many(query.near, columns.lats, columns.lons)
        passed = passing(columns, rows, query, held, self._tree, km)
        relevance = None if words is None else words[np.searchsorted(rows, passed)]
        found = score_found(passed, relevance, kilometres(columns, passed, query.near, km))
        per_page = min(max(query.per_page, 1), MAX_PER_PAGE)
        start = (max(query.page, 1) - 1) * per_page
        # a page beyond the last one is empty, and asks for no more than the first
        order = ordered(columns, found, start + per_page if start < len(passed) else per_page)
        shown = order.positions[start : start + per_page] if start < len(passed) else ()
        return Page(
            hits=tuple(self._hit(columns, found, position) for position in shown),
            total=len(passed),
            facets=count_facets(columns, passed, held, self._tree, found.km),
            supplier_ids=tuple(columns.supplier_ids[order.suppliers].tolist()),
            degraded=True,
        )

    def match(
        self,
        demand: Demand,
        now: datetime,
        limit: int | None = DEFAULT_MATCHES,
        near_miss_limit: int | None = DEFAULT_NEAR_MISSES,
    ) -> Answer:
        # every active supplier, because the answer counts those who were considered
        world = World(supplier_documents(db.session), self._tree, self._criteria)
        return world.match(demand, now, limit, near_miss_limit)

    def map(self, query: MapQuery, now: datetime) -> MapAnswer:
        columns = Columns.build(self._documents(self._offers_with([], query.categories)))
        held = HeldCriteria.on(rome_day(now), columns, self._criteria)
        rows = passing(columns, np.arange(len(columns.offers)), query, held, self._tree)
        suppliers = np.unique(columns.offers.supplier[rows])
        suppliers = suppliers[~np.isnan(columns.lats[suppliers])]
        if len(suppliers) > MAX_MAP_FEATURES:
            clusters = grid_clusters(columns.lats[suppliers], columns.lons[suppliers])
            return MapAnswer((), clusters, len(suppliers))
        return MapAnswer(tuple(np.sort(columns.supplier_ids[suppliers]).tolist()), (), len(suppliers))

    def suggest(self, prefix: str, limit: int = 8) -> tuple[str, ...]:
        """Titles that begin with what is typed."""
        sought = prefix.replace("\0", "").strip()
        if not sought:
            return ()
        titles = db.session.scalars(
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
        ids = db.session.scalars(
            sa.select(Offer.organisation_id)
            .where(Offer.status == OfferStatus.PUBLISHED, wanted)
            .distinct()
            .order_by(Offer.organisation_id)
            .limit(MAX_SUPPLIERS)
        ).all()
        return list(supplier_documents(db.session, ids))

    def _offers_with(self, sought: Iterable[str], categories: Collection[str]):
        """SQL for offers that may pass: each stem in a text or in the names of the category, and the categories."""
        conditions = []
        for stem in sought:
            named = [category.code for category in self._tree if stem in category_stems(category)]
            conditions.append(
                sa.or_(
                    Offer.title.icontains(stem, autoescape=True),
                    Offer.description.icontains(stem, autoescape=True),
                    Offer.category.in_(self._with_descendants(named)),
                )
            )
        if categories:
            conditions.append(Offer.category.in_(self._with_descendants(categories)))
        return sa.and_(sa.true(), *conditions)

    def _with_descendants(self, codes: Iterable[str]) -> list[str]:
        return sorted({each for code in codes for each in (code, *self._tree.descendants(code))})

    def _having_all(self, sought: list[str], offers) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the offers that have every stem, themselves or by a category above; and how many themselves."""
        find = stem_rows_of(offers, self._tree)
        having = np.ones(len(offers), dtype=np.bool_)
        own = np.zeros(len(offers))
        for stem in sought:
            rows = find(stem)
            mask = np.zeros(len(offers), dtype=np.bool_)
            mask[rows] = True
            own[rows] += 1
            above = {category.code for category in self._tree if stem in category_stems(category)}
            below = set(self._with_descendants(above))
            mask |= np.array([offer.category in below for offer in offers], dtype=np.bool_)
            having &= mask
        rows = np.flatnonzero(having)
        return rows, 1.0 + own[rows]

    @staticmethod
    def _hit(columns: Columns, found, position: int) -> Hit:
        row = found.rows[position]
        km = None if found.km is None or np.isnan(found.km[position]) else float(found.km[position])
        return Hit(
            offer_id=int(columns.offers.ids[row]),
            supplier_id=int(columns.supplier_ids[columns.offers.supplier[row]]),
            score=float(found.scores[position]),
            distance_km=km,
            reasons=() if km is None else (Reason.of("distance", km=round(km, 3)),),
        )
