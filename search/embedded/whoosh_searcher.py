"""Whoosh's own index and searcher, scored by its BM25F: the yardstick that the engine is measured against.

Nothing but ``flask bench`` uses it. It stands here because no other folder knows Whoosh. It is written as
one would who searches with Whoosh alone: fields with boosts, criteria as parts of the query, whatever else
is asked read from its columns.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from whoosh import fields, index, query, scoring
from whoosh.analysis import SpaceSeparatedTokenizer

from geo.distance import haversine_km, haversine_km_many
from geo.points import BBox, Point
from search.queries import DISTANCE_BANDS_KM

MICRODEGREES = 1_000_000
"""Degrees are kept as whole millionths, since Whoosh's sortable floats fail."""
TEXT_FIELDS = ("title", "description", "category_text", "context")
MEMORY_MB = 512
"""How much Whoosh may hold while it indexes; less, and it merges runs from the disk."""


class WhooshSearcher:
    """One Whoosh index in a folder. Rows are mappings with the fields of the schema; words are stems."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._searcher = None

    def build(self, rows: Iterable[Mapping[str, object]], boosts: Mapping[str, float]) -> None:
        """A new index of these rows, in one segment."""
        self._folder.mkdir(parents=True, exist_ok=True)
        writer = index.create_in(str(self._folder), _schema(boosts)).writer(limitmb=MEMORY_MB)
        for row in rows:
            writer.add_document(**_document(row))
        writer.commit(optimize=True)
        self._searcher = None

    def replace(self, supplier_id: int, rows: Iterable[Mapping[str, object]]) -> None:
        """The rows of a supplier instead of those that it had."""
        writer = index.open_dir(str(self._folder)).writer()
        writer.delete_by_term("supplier_id", supplier_id)
        for row in rows:
            writer.add_document(**_document(row))
        writer.commit()
        self._searcher = None

    def best(self, stems: Sequence[str], limit: int) -> list[int]:
        """Ids of the best offers that have all stems."""
        return [hit["offer_id"] for hit in self._open().search(_words(stems), limit=limit)]

    def best_of_any(self, stems: Sequence[str], limit: int) -> list[int]:
        """Ids of the best offers that have any of the stems."""
        any_word = query.Or([_word(stem) for stem in dict.fromkeys(stems)])
        return [hit["offer_id"] for hit in self._open().search(any_word, limit=limit)]

    def best_near(
        self, stems: Sequence[str], limit: int, near: Point, radius_km: float, criteria: Sequence[str]
    ) -> list[int]:
        """Ids of the best offers that have all stems, within a radius, with all criteria.

        The circle is left to Python, from the best hit down: as ranges of numbers in the query it takes Whoosh
        several times longer.
        """
        searcher = self._open()
        wanted = query.And([_words(stems), *(query.Term("criteria", code) for code in criteria)])
        lats, lons = (searcher.reader().column_reader(name) for name in ("lat", "lon"))
        found: list[int] = []
        for _score, document in searcher.search(wanted, limit=None).top_n:
            seat = Point(lats[document] / MICRODEGREES, lons[document] / MICRODEGREES)
            if haversine_km(near, seat) <= radius_km:
                found.append(searcher.stored_fields(document)["offer_id"])
                if len(found) == limit:
                    break
        return found

    def facets(self, stems: Sequence[str], near: Point) -> dict[str, Counter]:
        """Counts of all offers that have all stems, by own category, criterion, kind and band of distance.

        Read from Whoosh's columns: its own grouping by fields with several values walks all their postings.
        """
        searcher = self._open()
        documents = list(searcher.docs_for_query(_words(stems)))
        column = {
            name: searcher.reader().column_reader(name)
            for name in ("category", "criteria", "kinds", "lat", "lon")
        }
        lats, lons = (
            np.array([column[name][document] for document in documents], dtype=np.float64) / MICRODEGREES
            for name in ("lat", "lon")
        )
        bands = np.searchsorted(DISTANCE_BANDS_KM, haversine_km_many(near, lats, lons))
        return {
            "category": Counter(column["category"][document] for document in documents),
            "criterion": Counter(code for one in documents for code in column["criteria"][one].split()),
            "kind": Counter(code for one in documents for code in column["kinds"][one].split()),
            "distance": Counter((*DISTANCE_BANDS_KM, None)[band] for band in bands),
        }

    def suppliers_in(self, box: BBox) -> set[int]:
        """Ids of the suppliers with an offer and their seat in a box."""
        return self._suppliers(query.And(_in_box(box)))

    def suppliers_with(self, categories: Iterable[str]) -> set[int]:
        """Ids of the suppliers with an offer in any of these categories themselves."""
        return self._suppliers(query.Or([query.Term("category", code) for code in categories]))

    def _suppliers(self, wanted: query.Query) -> set[int]:
        searcher = self._open()
        supplier_ids = searcher.reader().column_reader("supplier_id")
        return {supplier_ids[document] for document in searcher.docs_for_query(wanted)}

    def _open(self):
        if self._searcher is None:
            self._searcher = index.open_dir(str(self._folder)).searcher(weighting=scoring.BM25F())
        return self._searcher


def _schema(boosts: Mapping[str, float]) -> fields.Schema:
    # Whoosh's analysers take no part: what comes here are stems, the same as everywhere.
    stems = SpaceSeparatedTokenizer()
    codes = fields.KEYWORD(sortable=True)
    return fields.Schema(
        offer_id=fields.STORED,
        supplier_id=fields.NUMERIC(int, 64, sortable=True),
        category=fields.ID(sortable=True),
        criteria=codes,
        kinds=codes,
        lat=fields.NUMERIC(int, sortable=True),
        lon=fields.NUMERIC(int, sortable=True),
        **{
            name: fields.TEXT(analyzer=stems, phrase=False, field_boost=boosts.get(name, 1.0))
            for name in TEXT_FIELDS
        },
    )


def _document(row: Mapping[str, object]) -> dict[str, object]:
    return {
        **row,
        "criteria": " ".join(row["criteria"]),
        "kinds": " ".join(row["kinds"]),
        "lat": round(row["lat"] * MICRODEGREES),
        "lon": round(row["lon"] * MICRODEGREES),
    }


def _words(stems: Sequence[str]) -> query.Query:
    """All stems, each in any field."""
    return query.And([_word(stem) for stem in dict.fromkeys(stems)])


def _word(stem: str) -> query.Query:
    return query.Or([query.Term(field, stem) for field in TEXT_FIELDS])


def _in_box(box: BBox) -> list[query.Query]:
    south, west, north, east = (
        round(edge * MICRODEGREES) for edge in (box.south, box.west, box.north, box.east)
    )
    return [query.NumericRange("lat", south, north), query.NumericRange("lon", west, east)]
