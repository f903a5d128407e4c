"""The whole index at one commit, as arrays: what every search of a process reads until the next commit."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from threading import Lock

import numpy as np

from search.clusters import placed_with
from search.columns import Columns
from search.criteria import CriteriaRegister
from search.embedded.segments import Segment, live_mask
from search.held_criteria import HeldCriteria
from search.relevance import Impacts, impacts, length_factors

IMPACTS_BUDGET = 6_000_000
"""How many postings of terms a snapshot keeps ready, 8 bytes each; beyond it they are forgotten and worked out again."""
COST_OF_A_TERM = 50
"""What a term costs beside its postings, in postings: words that nobody uses are kept too, and are without number."""

GONE = -1


class Snapshot:
    """Segments put together, without the suppliers that later commits replaced. Never changes; thread-safe."""

    def __init__(self, segments: Sequence[Segment], dead: Sequence[Sequence[int]], tree_version: str) -> None:
        """``dead`` are, per segment, the rows of the suppliers that are no more."""
        self.segments = tuple(segments)
        self.tree_version = tree_version
        live = [live_mask(segment.columns, rows) for segment, rows in zip(segments, dead, strict=True)]
        self.columns = Columns.concat([segment.columns for segment in segments], live).warm()
        self._rows = _rows_now(self.segments, live)
        offers = self.columns.offers
        lengths = np.zeros(len(offers), dtype=np.float32)
        for segment, rows in zip(self.segments, self._rows, strict=True):
            kept = rows >= 0
            lengths[rows[kept]] = segment.lengths[kept]
        #: Mask of the offers that browsing may show: published, of active organisations.
        self.shown = offers.published & self.columns.active[offers.supplier]
        self.shown_rows = np.flatnonzero(self.shown).astype(np.int32)
        self._factors = length_factors(lengths, self.shown)
        self._lock = Lock()
        self._impacts: dict[object, Impacts] = {}
        self._kept = 0
        self._held: tuple[date, HeldCriteria] | None = None

    @property
    def shown_count(self) -> int:
        """How many offers browsing may show."""
        return len(self.shown_rows)

    @cached_property
    def on_the_map(self) -> np.ndarray:
        """Mask of the suppliers that a map may show: placed, with an offer that browsing may show."""
        return placed_with(self.columns, self.shown_rows)

    def impacts(self, stem: str) -> Impacts:
        """The shown offers that have a stem, in any field."""
        return self._remembered(("stem", stem), lambda: self._stem_impacts(stem))

    def phrase_impacts(self, stems: tuple[str, ...]) -> Impacts:
        """The shown offers in which the stems follow each other; they count as much as the stems do together."""
        return self._remembered(("phrase", stems), lambda: self._phrase_impacts(stems))

    def own_rows(self, stem: str) -> np.ndarray:
        """Rows, ascending, of the offers whose own texts and category have a stem: what a match looks at."""
        found = []
        for segment, rows in zip(self.segments, self._rows, strict=True):
            now = rows[segment.postings("own", stem)[0]]
            found.append(now[now >= 0])
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int32)

    def held(self, today: date, criteria: CriteriaRegister) -> HeldCriteria:
        """The criteria held on a day, worked out once a day."""
        known = self._held
        if known is None or known[0] != today:
            known = self._held = (today, HeldCriteria.on(today, self.columns, criteria))
        return known[1]

    def _stem_impacts(self, stem: str) -> Impacts:
        frequencies = np.zeros(len(self.columns.offers), dtype=np.float32)
        for segment, rows in zip(self.segments, self._rows, strict=True):
            for field in ("own", "context"):
                places, weights = segment.postings(field, stem)
                now = rows[places]
                kept = now >= 0
                frequencies[now[kept]] += weights[kept]
        found = np.flatnonzero(frequencies).astype(np.int32)
        found = found[self.shown[found]]
        return found, impacts(frequencies[found], self._factors[found], self.shown_count)

    def _phrase_impacts(self, stems: tuple[str, ...]) -> Impacts:
        found = []
        for segment, rows in zip(self.segments, self._rows, strict=True):
            now = rows[segment.phrase_rows(stems)]
            found.append(now[now >= 0])
        rows = np.concatenate(found) if found else np.zeros(0, dtype=np.int32)
        rows = rows[self.shown[rows]]
        total = np.zeros(len(self.columns.offers), dtype=np.float32)
        for stem in set(stems):
            having, values = self.impacts(stem)
            total[having] += values
        return rows, total[rows]

    def _remembered(self, key: object, work_out) -> Impacts:
        found = self._impacts.get(key)
        if found is None:
            found = work_out()
            with self._lock:
                cost = len(found[0]) + COST_OF_A_TERM
                if self._kept + cost > IMPACTS_BUDGET:
                    self._impacts.clear()
                    self._kept = 0
                self._impacts[key] = found
                self._kept += cost
        return found

    def words(self, letter: str) -> Mapping[str, int]:
        """The written words that begin with a letter, each with the number of its offers."""
        total: dict[str, int] = {}
        for segment in self.segments:
            for word, count in segment.words(letter):
                total[word] = total.get(word, 0) + count
        return total


def _rows_now(segments: Sequence[Segment], live: Sequence[np.ndarray | None]) -> list[np.ndarray]:
    """For each segment, where its offers are in the columns of all, :data:`GONE` for those of dead suppliers."""
    rows, shift = [], 0
    for segment, mask in zip(segments, live, strict=True):
        owners = segment.columns.offers.supplier
        if mask is None:
            rows.append(np.arange(shift, shift + len(owners), dtype=np.int32))
            shift += len(owners)
        else:
            kept = mask[owners]
            rows.append(np.where(kept, np.cumsum(kept) - 1 + shift, GONE).astype(np.int32))
            shift += int(np.count_nonzero(kept))
    return rows
