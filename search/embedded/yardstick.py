"""Whoosh as it comes, to measure our way against: its own fields, parser, searcher and BM25F, over our stems.

Only ``bench`` uses it. It finds the offers that have all the words; it knows no facets, and takes a box for
a radius, which spares it work.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from whoosh import fields, index, query
from whoosh.analysis import Token, Tokenizer
from whoosh.qparser import AndGroup, MultifieldParser

from search.documents import SupplierDocument
from search.embedded.offer_stems import ABOVE, CATEGORY, DESCRIPTION, ORGANISATION, TITLE
from search.queries import SearchQuery
from search.taxonomy import CategoryTree
from search.text import stems

_KM_PER_DEGREE = 111.195
_BOOSTS = {
    "title": TITLE,
    "description": DESCRIPTION,
    "category": CATEGORY,
    "above": ABOVE,
    "organisation": ORGANISATION,
}


class StemTokenizer(Tokenizer):
    """Our stems as Whoosh's tokens."""

    def __call__(self, value: str, positions: bool = False, chars: bool = False, **kwargs: object):
        token = Token(positions, chars, **kwargs)
        for position, stem in enumerate(stems(value)):
            token.text, token.boost, token.stopped, token.pos = stem, 1.0, False, position
            token.startchar = token.endchar = 0
            yield token


class WhooshYardstick:
    """A plain Whoosh index in a folder of its own."""

    def __init__(self, folder: Path | str, tree: CategoryTree, comune_names: Mapping[str, str]) -> None:
        self._folder = Path(folder)
        self._tree = tree
        self._comune_names = comune_names
        self._searcher = None

    def build(self, suppliers: Iterable[SupplierDocument]) -> int:
        """Index the published offers of active suppliers; how many."""
        self._folder.mkdir(parents=True, exist_ok=True)
        writer = index.create_in(str(self._folder), _schema()).writer(limitmb=512)
        offers = 0
        for supplier in suppliers:
            if supplier.active:
                for offer in supplier.offers:
                    if offer.published:
                        writer.add_document(**self._values(supplier, offer))
                        offers += 1
        writer.commit()
        self.open()
        return offers

    def open(self) -> None:
        """Open the newest state of the index."""
        self._searcher = index.open_dir(str(self._folder)).searcher()

    def add(self, supplier: SupplierDocument) -> None:
        """One publish: replace a supplier's offers and open the index again."""
        writer = index.open_dir(str(self._folder)).writer()
        writer.delete_by_term("supplier_id", str(supplier.id))
        for offer in supplier.offers:
            writer.add_document(**self._values(supplier, offer))
        writer.commit()
        self.open()

    def search(self, asked: SearchQuery, limit: int = 20) -> tuple[list[int], int]:
        """The ids of the first ``limit`` offers, and how many there are."""
        parser = MultifieldParser(list(_BOOSTS), _schema(), fieldboosts=_BOOSTS, group=AndGroup)
        filters = [query.Term("criteria", code) for code in asked.criteria]
        if asked.near is not None and asked.radius_km is not None:
            lat = asked.radius_km / _KM_PER_DEGREE
            lon = lat / math.cos(math.radians(asked.near.lat))
            filters += [
                query.NumericRange("lat", asked.near.lat - lat, asked.near.lat + lat),
                query.NumericRange("lon", asked.near.lon - lon, asked.near.lon + lon),
            ]
        found = self._searcher.search(
            parser.parse(asked.text), limit=limit, filter=query.And(filters) if filters else None
        )
        return [hit["offer_id"] for hit in found], len(found)

    def _values(self, supplier: SupplierDocument, offer) -> dict[str, object]:
        category = self._tree.get(offer.category)
        above = [self._tree[code] for code in self._tree.ancestors(offer.category)] if category else []
        place = self._comune_names.get(supplier.comune or "", "")
        values = {
            "offer_id": offer.id,
            "supplier_id": str(supplier.id),
            "title": offer.title,
            "description": offer.description,
            "category": " ".join(_names(category)) if category else "",
            "above": " ".join(name for each in above for name in _names(each)),
            "organisation": f"{supplier.name} {place}",
            "criteria": " ".join({claim.criterion for claim in (*supplier.claims, *offer.claims)}),
        }
        if supplier.seat is not None:
            values |= {"lat": supplier.seat.lat, "lon": supplier.seat.lon}
        return values


def _names(category) -> tuple[str, ...]:
    return (category.label_it, *category.synonyms_it, category.label_en, *category.synonyms_en)


def _schema() -> fields.Schema:
    texts = {name: fields.TEXT(analyzer=StemTokenizer()) for name in _BOOSTS}
    return fields.Schema(
        offer_id=fields.NUMERIC(int, bits=64, stored=True),
        supplier_id=fields.ID(),
        criteria=fields.KEYWORD(),
        lat=fields.NUMERIC(float),
        lon=fields.NUMERIC(float),
        **texts,
    )
