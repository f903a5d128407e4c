"""What a process reads of the index: the newest commit, kept as arrays until CURRENT names another."""

from functools import cached_property
from threading import Lock
from time import sleep

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from search.column_arrays import UnreadableColumns, columns_from_bytes
from search.columns import Columns
from search.criteria import CriteriaRegister
from search.embedded.folder import Commit, IndexDamaged, IndexFolder, SegmentEntry
from search.embedded.schema import offer_schema
from search.embedded.segments import Segment, open_reader
from search.embedded.snapshot import Snapshot
from search.embedded.spelling import Speller
from search.embedded.suggesting import Suggester
from search.embedded.text_search import TextSearch
from search.held_criteria import HeldCriteria
from search.taxonomy import CategoryTree

PAUSE_S = 0.01
"""How long to wait before a commit that could not be opened is tried once more."""


class View:
    """A snapshot with what is worked out of it when first asked for."""

    def __init__(self, snapshot: Snapshot, tree: CategoryTree) -> None:
        self.snapshot = snapshot
        self._tree = tree

    @cached_property
    def speller(self) -> Speller:
        return Speller(self.snapshot, self._tree)

    @cached_property
    def suggester(self) -> Suggester:
        return Suggester(self.snapshot, self._tree, self.speller)

    def text_search(self, held: HeldCriteria, criteria: CriteriaRegister) -> TextSearch:
        return TextSearch(self.snapshot, held, self._tree, criteria, lambda: self.speller)


class IndexReader:
    """Gives the view of the newest commit. Thread-safe."""

    def __init__(self, folder: IndexFolder, tree: CategoryTree) -> None:
        self._folder = folder
        self._tree = tree
        self._lock = Lock()
        self._pointer = b""
        self._signature: dict[str, tuple[int, int, int]] = {}
        self._commit: Commit | None = None
        self._view: View | None = None
        self._segments: dict[tuple[str, str], Segment] = {}

    def view(self) -> View:
        """The view of the newest commit, opened if it is new. Raises :class:`IndexDamaged`.

        A writer may swap and clear a commit away while it is being opened: only one that fails twice is damaged.
        """
        failed = None
        while True:
            pointer = self._folder.pointer()
            try:
                return self._at(pointer)
            except IndexDamaged:
                if pointer == failed:
                    raise
                failed = pointer
                sleep(PAUSE_S)

    def is_sound(self) -> bool:
        """Whether every file of the commit in use is still what was written."""
        try:
            self._folder.verify(self._folder.pointer())
        except IndexDamaged:
            return False
        return True

    def columns_of(self, commit: Commit, entry: SegmentEntry) -> Columns:
        """The columns of a segment, from memory where it is open."""
        known = self._segments.get((commit.build, entry.name))
        return known.columns if known else self._columns(commit, entry)

    def _at(self, pointer: bytes) -> View:
        view, commit = self._view, self._commit
        if pointer == self._pointer and view and commit and self._folder.signature(commit) == self._signature:
            return view
        with self._lock:
            if self._view is None or pointer != self._pointer:
                self._open(self._folder.pointer())
            else:
                self._check_touched()
            return self._view

    def _check_touched(self) -> None:
        """If somebody touched the files of the open commit, they must still be whole."""
        signature = self._folder.signature(self._commit)
        if signature != self._signature:
            self._folder.verify(self._pointer)
            self._signature = signature

    def _open(self, pointer: bytes) -> None:
        commit = self._folder.commit(pointer)
        signature = self._folder.signature(commit)
        try:
            segments = self._opened(commit, signature)
            dead = [entry.dead for entry in commit.segments]
            snapshot = Snapshot(list(segments.values()), dead, commit.tree_version)
        except IndexDamaged:
            raise
        except Exception as error:  # a checksum that fits does not make a format that fits
            raise IndexDamaged(f"the index cannot be opened: {error!r}") from error
        self._segments = segments
        self._view = View(snapshot, self._tree)
        self._commit, self._signature, self._pointer = commit, signature, pointer

    def _opened(self, commit: Commit, signature: dict) -> dict[tuple[str, str], Segment]:
        """The segments of a commit, those that are new read from the disk, the others as long as nobody touched them."""
        opened = {}
        schema = offer_schema()
        toc = None
        for entry in commit.segments:
            key = (commit.build, entry.name)
            segment = self._segments.get(key)
            if segment is not None:
                for name in commit.files.keys() & {entry.segment_file, entry.columns_file}:
                    if signature[name] != self._signature.get(name):
                        self._folder.read(commit, name)
            else:
                reader = None
                if entry.searchable:
                    toc = toc or self._toc(commit, schema)
                    self._folder.read(commit, entry.segment_file)  # only to see that it is whole
                    reader = open_reader(self._folder.path / commit.build, schema, toc[entry.name])
                segment = Segment(entry.name, self._columns(commit, entry), reader)
            opened[key] = segment
        return opened

    def _toc(self, commit: Commit, schema) -> dict[str, object]:
        storage = RamStorage()
        storage.files[commit.toc_file] = self._folder.read(commit, commit.toc_file)
        toc = TOC.read(storage, "MAIN", gen=commit.toc_generation, schema=schema)
        return {segment.segment_id(): segment for segment in toc.segments}

    def _columns(self, commit: Commit, entry: SegmentEntry) -> Columns:
        content = self._folder.read(commit, entry.columns_file)
        try:
            return columns_from_bytes(content)
        except UnreadableColumns as error:
            raise IndexDamaged(f"{entry.columns_file} is of another format") from error
