"""Writing the index: add, remove, rebuild. One process at a time, which the folder's lock ensures.

A commit writes the new suppliers as one segment and notes which rows of older segments they replace;
nothing old is rewritten, except that small segments are gathered when there are many of them.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.column_arrays import columns_to_bytes
from search.columns import Columns
from search.documents import SupplierDocument
from search.embedded.building import build_parts, builders
from search.embedded.folder import Commit, IndexDamaged, IndexFolder, SegmentEntry, writing
from search.embedded.schema import offer_schema
from search.embedded.segments import live_mask
from search.offer_stems import OfferAnalysis

log = logging.getLogger(__name__)

OFFERS_PER_SEGMENT = 25_000
"""A rebuild writes segments of about so many offers, so that its memory does not grow with the district."""
GATHERED_SEGMENTS = 8
"""So many segments of about the same size are gathered into one."""
LARGEST_GATHERED = 10_000
"""Segments that together have more offers are left alone until a rebuild: gathering them would take seconds."""
POSTINGS_PER_BLOCK = 2_048
"""Whoosh compresses so many postings together; large blocks are decoded faster."""

ColumnsOf = Callable[[Commit, SegmentEntry], Columns]


class IndexWriter:
    """Writes commits into a folder."""

    def __init__(
        self,
        folder: IndexFolder,
        analysis: OfferAnalysis,
        tree_version: str,
        columns_of: ColumnsOf,
        processes: int | None = None,
    ) -> None:
        """``columns_of`` gives the columns of a segment that is already there.

        ``processes`` build at once where there is more than one batch; as many as the machine is good for, if not told.
        """
        self._processes = builders() if processes is None else processes
        self._folder = folder
        self._analysis = analysis
        self._tree_version = tree_version
        self._columns_of = columns_of

    def rebuild(self, suppliers: Iterable[SupplierDocument]) -> int:
        """Build afresh beside and swap; the number of offers. ``suppliers`` is read while the folder is locked."""
        with self._folder.locked(), writing():
            commit = Commit(self._folder.new_build(), 0, 0, self._tree_version)
            storage = self._storage(commit)
            whoosh_index.FileIndex.create(storage, offer_schema(), "MAIN")
            commit = self._listing(commit, storage)
            batches = _batches(suppliers)
            begun = list(islice(batches, 2))
            if len(begun) > 1 and self._processes > 1:
                commit = self._of_parts(commit, chain(begun, batches))
            else:
                for batch in chain(begun, batches):
                    commit = self._with_segment(commit, batch, ())
            self._folder.swap(replace(commit, generation=commit.generation + 1))
            return sum(segment.offers for segment in commit.segments)

    def _of_parts(self, commit: Commit, batches: Iterable[Sequence[SupplierDocument]]) -> Commit:
        """The commit with the segments that several processes make of the batches, in the order of these."""
        home = self._folder.path / commit.build
        parts = build_parts(batches, home, self._analysis, self._tree_version, self._processes)
        listed = []
        for part in parts:
            built = part.commit(part.pointer())
            storage = FileStorage(str(part.path / built.build), supports_mmap=False)
            listed += whoosh_index.TOC.read(storage, "MAIN").segments
            files = {name: check for name, check in built.files.items() if name != built.toc_file}
            for name in files:
                (part.path / built.build / name).replace(home / name)
            commit = replace(
                commit,
                generation=commit.generation + 1,
                segments=(*commit.segments, *built.segments),
                files={**commit.files, **files},
            )
        generation = commit.toc_generation + 1
        whoosh_index.TOC(offer_schema(), listed, generation).write(self._storage(commit), "MAIN")
        return self._listing(replace(commit, toc_generation=generation), self._storage(commit))

    def add(self, suppliers: Iterable[SupplierDocument]) -> None:
        """Put or replace suppliers whole. Raises :class:`IndexDamaged` where there is no index to add to."""
        with self._folder.locked(), writing():
            commit, changed = self._open(), False
            for batch in _batches(suppliers):
                commit = self._without(commit, [supplier.id for supplier in batch])
                commit = self._with_segment(commit, batch, _to_gather(commit, batch))
                changed = True
            if changed:
                self._folder.swap(commit)

    def remove(self, supplier_ids: Iterable[int]) -> None:
        """Take suppliers out; those that are not there are passed over."""
        with self._folder.locked(), writing():
            commit = self._open()
            without = self._without(commit, list(supplier_ids))
            if without != commit:
                self._folder.swap(replace(without, generation=without.generation + 1))

    def _open(self) -> Commit:
        """The current commit, with what a writer that died has left cleared away."""
        commit = self._folder.commit(self._folder.pointer())
        self._folder.read(commit, commit.toc_file)
        self._folder.clear(commit)
        return commit

    def _storage(self, commit: Commit) -> FileStorage:
        return FileStorage(str(self._folder.path / commit.build), supports_mmap=False)

    def _without(self, commit: Commit, supplier_ids: Sequence[int]) -> Commit:
        """The commit with the rows of these suppliers dead, and segments without anybody alive left out."""
        segments = []
        for segment in commit.segments:
            columns = self._columns_of(commit, segment)
            rows = columns.supplier_rows(supplier_ids)
            dead = sorted({*segment.dead, *(int(row) for row in rows if row >= 0)})
            if len(dead) < len(columns):
                segments.append(replace(segment, dead=tuple(dead)))
        return self._listing(replace(commit, segments=tuple(segments)), self._storage(commit))

    def _with_segment(
        self, commit: Commit, batch: Sequence[SupplierDocument], gathered: Sequence[SegmentEntry]
    ) -> Commit:
        """The commit with a new segment of these suppliers and of those alive in ``gathered``, which it replaces."""
        storage = self._storage(commit)
        parts = [(self._columns_of(commit, old), old) for old in gathered]
        for old in gathered:
            if old.searchable:
                self._folder.read(commit, old.segment_file)
        writer = _Writer(whoosh_index.FileIndex(storage, offer_schema(), "MAIN"), commit)
        try:
            for supplier in batch:
                self._write(writer, supplier)
            columns = Columns.concat(
                [*(part for part, _ in parts), Columns.build(batch)],
                [*(live_mask(part, old.dead) for part, old in parts), None],
            )
            kept = writer.commit_gathering({old.name: part for part, old in parts}, columns)
        except BaseException:
            writer.abandon()
            raise
        name = writer.newsegment.segment_id()
        new = SegmentEntry(name, searchable=name in kept, offers=len(columns.offers))
        (self._folder.path / commit.build / new.columns_file).write_bytes(columns_to_bytes(columns))
        gone = {old.name for old in gathered}
        segments = (*(one for one in commit.segments if one.name not in gone), new)
        changed = replace(
            commit,
            generation=commit.generation + 1,
            toc_generation=writer.generation,
            segments=segments,
        )
        return self._listing(changed, storage)

    def _write(self, writer: "_Writer", supplier: SupplierDocument) -> None:
        """The offers that browsing may show; the others are in the columns only."""
        if not supplier.active:
            return
        shared = self._analysis.supplier_context(supplier)
        for offer in supplier.offers:
            if offer.published:
                stems = self._analysis.offer(offer, shared)
                writer.add_document(
                    own=stems.own,
                    context=stems.context,
                    surface=stems.surface,
                    offer_id=offer.id,
                    supplier_id=supplier.id,
                    length=stems.length,
                )

    def _listing(self, commit: Commit, storage: FileStorage) -> Commit:
        """The commit with its files and their checksums; those already known are not read again."""
        names = [commit.toc_file]
        for segment in commit.segments:
            names.append(segment.columns_file)
            if segment.searchable:
                names.append(segment.segment_file)
        files: Mapping[str, tuple[int, int]] = {
            name: commit.files.get(name) or self._folder.checks(commit.build, name) for name in names
        }
        return replace(commit, files=files)


class _Writer(SegmentWriter):
    """Whoosh's writer, but for two things: it starts from our commit, and removes no file.

    Whoosh clears away what its newest list of segments does not need, while our readers still follow
    ``CURRENT`` to an older one.
    """

    def __init__(self, whoosh: whoosh_index.FileIndex, commit: Commit) -> None:
        super().__init__(whoosh, codec=_codec(), limitmb=1_024)
        names = {segment.name for segment in commit.segments if segment.searchable}
        self.segments = [segment for segment in self.segments if segment.segment_id() in names]
        if len(self.segments) != len(names):
            self.abandon()
            raise IndexDamaged("a segment is missing from the list of segments")

    def commit_gathering(self, gathered: Mapping[str, Columns], columns: Columns) -> set[str]:
        """Commit, taking in the documents of the ``gathered`` segments that are still in ``columns``; the names kept."""
        kept = []
        for segment in self.segments:
            if segment.segment_id() not in gathered:
                kept.append(segment)
            else:
                self._take_in(segment, columns)
        self.segments = kept
        self.commit(merge=False)
        return {segment.segment_id() for segment in self.committed}

    def _take_in(self, segment, columns: Columns) -> None:
        whole = SegmentReader(self.storage, self.schema, segment)
        offer_ids = list(whole.column_reader("offer_id").load())
        whole.close()
        for document, row in enumerate(columns.offer_rows(offer_ids)):
            if row < 0:
                segment.delete_document(document)
        living = SegmentReader(self.storage, self.schema, segment)
        self.add_reader(living)
        living.close()

    def _commit_toc(self, segments) -> None:
        whoosh_index.TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        self.committed = segments

    def abandon(self) -> None:
        """Give the lock back; what was written so far is cleared away by the next writer."""
        if self.is_closed:
            return
        try:
            self.cancel()
        except Exception as error:  # on a full disk even closing a file fails, each in a way of its own
            log.warning("A segment was left half written: %r", error)
        finally:
            if not self.is_closed:
                self.is_closed = True
                self.writelock.release()


def _codec() -> W3Codec:
    codec = W3Codec(blocklimit=POSTINGS_PER_BLOCK)
    # We keep the lengths of texts ourselves; asking Whoosh for them takes a third of a build.
    codec.length_stats = False
    return codec


def _batches(suppliers: Iterable[SupplierDocument]) -> Iterator[list[SupplierDocument]]:
    """Suppliers in batches of about :data:`OFFERS_PER_SEGMENT` offers; of two with one id in a batch the last counts."""
    remaining = iter(suppliers)
    while first := list(islice(remaining, 1)):
        batch, offers = {first[0].id: first[0]}, len(first[0].offers)
        while offers < OFFERS_PER_SEGMENT and (following := list(islice(remaining, 1))):
            batch[following[0].id] = following[0]
            offers += len(following[0].offers)
        yield list(batch.values())


def _to_gather(commit: Commit, batch: Sequence[SupplierDocument]) -> list[SegmentEntry]:
    """The segments no larger than the new one, where they are many; then the same for what has grown of it."""
    gathered: list[SegmentEntry] = []
    offers = sum(len(supplier.offers) for supplier in batch)
    while True:
        alike = [
            segment
            for segment in commit.segments
            if segment not in gathered and _magnitude(segment.offers) <= _magnitude(offers)
        ]
        together = offers + sum(segment.offers for segment in alike)
        if len(alike) + 1 < GATHERED_SEGMENTS or together > LARGEST_GATHERED:
            return gathered
        gathered += alike
        offers = together


def _magnitude(offers: int) -> int:
    """Sizes by powers of eight: 0 to 7 offers, 8 to 63, 64 to 511, ..."""
    return (max(1, offers).bit_length() - 1) // 3
