"""One segment as a reader holds it: its columns, and the postings of stems decoded into arrays once.

A segment never changes once written, so whatever was decoded of it stays valid; which of its
suppliers are still alive is the snapshot's business (:mod:`search.embedded.snapshot`).
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader, TermNotFound

from search.columns import Columns
from search.embedded.schema import POSITION_TYPE
from search.offer_stems import LENGTH_UNIT

Postings = tuple[np.ndarray, np.ndarray]
"""Rows of the segment's offers in ascending order (int32), and the weight of the stem in each (float32)."""

POSITION_BITS = 16
_NOTHING: Postings = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32))


class Segment:
    """The offers of one commit. Safe to share between threads."""

    def __init__(self, name: str, columns: Columns, reader: SegmentReader | None) -> None:
        """``reader`` is ``None`` where none of the offers can be found by words."""
        self.name = name
        self.columns = columns
        self._reader = reader
        self._lock = Lock()
        self._postings: dict[tuple[str, str], Postings] = {}
        self._positions: dict[str, np.ndarray] = {}
        self._words: dict[str, list[tuple[str, int]]] = {}
        self._offer_row = np.zeros(0, dtype=np.int32)
        self.lengths = np.zeros(len(columns.offers), dtype=np.float32)
        if reader is not None:
            self._offer_row = columns.offer_rows(_column(reader, "offer_id")).astype(np.int32)
            if (self._offer_row < 0).any():
                raise ValueError("a document's offer is not in the columns of its segment")
            self.lengths[self._offer_row] = _column(reader, "length") / LENGTH_UNIT

    def postings(self, field: str, stem: str) -> Postings:
        """The offers whose ``field`` holds the stem."""
        key = (field, stem)
        found = self._postings.get(key)
        if found is None:
            with self._lock:
                found = self._decoded(field, stem)
            if len(found[0]):  # words that nobody uses are without number
                self._postings[key] = found
        return found

    def _decoded(self, field: str, stem: str) -> Postings:
        matcher = self._matcher(field, stem)
        if matcher is None:
            return _NOTHING
        docs, weights = [], []
        for block_docs, block_weights, _ in _blocks(matcher):
            docs.append(block_docs)
            weights.append(block_weights)
        rows = self._offer_row[np.concatenate(docs)]
        weight = np.concatenate(weights)
        if len(rows) > 1 and (np.diff(rows) <= 0).any():  # merged segments may keep another order
            order = np.argsort(rows, kind="stable")
            rows, weight = rows[order], weight[order]
        return rows, weight

    def phrase_rows(self, stems: tuple[str, ...]) -> np.ndarray:
        """Rows, ascending, of the offers in which the stems follow each other."""
        places = self._places(stems[0])
        for offset, stem in enumerate(stems[1:], 1):
            places = np.intersect1d(places, self._places(stem) - offset)
        return np.unique(places >> POSITION_BITS).astype(np.int32)

    def _places(self, stem: str) -> np.ndarray:
        """Every place of a stem in ``own``, as row * 2**16 + position."""
        found = self._positions.get(stem)
        if found is None:
            with self._lock:
                found = self._decoded_places(stem)
            if len(found):
                self._positions[stem] = found
        return found

    def _decoded_places(self, stem: str) -> np.ndarray:
        matcher = self._matcher("own", stem)
        if matcher is None:
            return np.zeros(0, dtype=np.int64)
        places = []
        for docs, _, packed in _blocks(matcher):
            positions = np.frombuffer(b"".join(packed), dtype=POSITION_TYPE).astype(np.int64)
            counts = [len(one) // np.dtype(POSITION_TYPE).itemsize for one in packed]
            rows = self._offer_row[docs].astype(np.int64)
            places.append((np.repeat(rows, counts) << POSITION_BITS) + positions)
        return np.sort(np.concatenate(places))

    def _matcher(self, field: str, stem: str):
        if self._reader is None:
            return None
        try:
            return self._reader.postings(field, stem)
        except TermNotFound:
            return None

    def words(self, letter: str) -> list[tuple[str, int]]:
        """The written words that begin with a letter, each with the number of its offers."""
        if self._reader is None:
            return []
        found = self._words.get(letter)
        if found is None:
            with self._lock:
                found = [
                    (word.decode(), self._reader.doc_frequency("surface", word))
                    for word in self._reader.expand_prefix("surface", letter)
                ]
            if found:
                self._words[letter] = found
        return found


def live_mask(columns: Columns, dead: Sequence[int]) -> np.ndarray | None:
    """Mask of the suppliers that are not ``dead`` (rows); ``None`` where all live."""
    if not dead:
        return None
    live = np.ones(len(columns), dtype=np.bool_)
    live[list(dead)] = False
    return live


def open_reader(build: Path, schema: Schema, segment) -> SegmentReader:
    """Whoosh's reader of one segment in a build's folder.

    Not memory-mapped: somebody who cuts a mapped file ends every process that reads it.
    """
    return SegmentReader(FileStorage(str(build), supports_mmap=False), schema, segment)


def _column(reader: SegmentReader, name: str) -> np.ndarray:
    return np.array(reader.column_reader(name).load(), dtype=np.int64)


def _blocks(matcher):
    """(documents, weights, values) of each block of a posting list, as arrays and bytes.

    Whoosh's public way is one posting at a time and fifty times slower; what is read here is what
    its matcher has just decoded. A test compares the two.
    """
    if not hasattr(matcher, "_read_ids"):  # a list inlined into the term: few postings
        docs, weights, values = [], [], []
        while matcher.is_active():
            docs.append(matcher.id())
            weights.append(matcher.weight())
            values.append(matcher.value())
            matcher.next()
        yield np.array(docs, dtype=np.int64), np.array(weights, dtype=np.float32), values
        return
    while matcher.is_active():
        matcher._read_ids()
        matcher._read_weights()
        matcher._read_values()
        yield (
            np.array(matcher._ids, dtype=np.int64),
            np.array(matcher._weights, dtype=np.float32),
            matcher._values,
        )
        matcher._next_block()
