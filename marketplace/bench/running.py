"""One run at one size: build every way, ask, publish, and fetch whole pages."""

import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from flask import Flask

from marketplace.bench.districts import DistrictMaker
from marketplace.bench.figures import ASKED, OURS, WORKS, Figure
from marketplace.bench.measuring import (
    MEGABYTE,
    Took,
    ask_in_turn,
    build_apart,
    disk_usage,
    timed,
)
from marketplace.bench.memory import memory_to_answer
from marketplace.bench.pages import insert_district, page_address, private_app
from marketplace.bench.ways import ON_A_SERVER, WAYS
from marketplace.bench.ways.postgres_server import database_bytes, drop_databases, settle
from marketplace.bench.ways.way import Setting, Way, does
from marketplace.bench.workload import Workload
from search.documents import SupplierDocument
from search.queries import SearchQuery

PUBLICATIONS = 15
NOTHING_ELSE = "pubblicatoora"
"""A word that no generated text has, by which what was just published is found."""

Say = Callable[[str], None]


class Run:
    """Measures some ways on a district of one size in a folder. ``say`` is told what happens.

    Only of ``works``; an index is always needed. Where the folder is ``kept``, so are databases on a server, and an
    index that an earlier run has built there is used again.
    """

    def __init__(
        self,
        folder: Path,
        size: int,
        names: Sequence[str],
        maker: DistrictMaker,
        setting: Setting,
        say: Say,
        *,
        works: Collection[str] = WORKS,
        kept: bool = False,
    ) -> None:
        self._works = works
        self._kept = kept
        self._folder = folder
        self._size = size
        self._maker = maker
        self._say = say
        self._instance = folder / "instance"
        # Our engine keeps its index where the private installation looks for it.
        folders = {
            name: self._instance / "index" if name == OURS else folder / getattr(WAYS[name], "index_of", name)
            for name in names
        }
        self._folders = folders
        self._ways = [WAYS[name](replace(setting, folder=folders[name])) for name in names]

    def figures(self, workload: Workload, budget_s: float) -> Iterator[Figure]:
        """All figures of the size. ``budget_s``: about how long each kind of question is repeated."""
        try:
            yield from self._figures(workload, budget_s)
        finally:
            on_a_server = [folder for name, folder in self._folders.items() if name in ON_A_SERVER]
            if on_a_server and not self._kept:
                drop_databases(on_a_server)

    def _figures(self, workload: Workload, budget_s: float) -> Iterator[Figure]:
        built = set()
        for way in self._ways:
            if self._folders[way.name] not in built:
                built.add(self._folders[way.name])
                yield self._built(way)
        asked = [work for work in ASKED if work in self._works]
        self._say("warming every way up")
        for way in self._ways:
            for work in asked:
                for question in getattr(workload, work) if does(way, work) else ():
                    getattr(way, work)(question)
        for work in asked:
            self._say(f"{work}, every way in turn")
            able = [way for way in self._ways if does(way, work)]
            if not able:
                continue
            times = ask_in_turn(able, work, getattr(workload, work), budget_s)
            yield from (_figure(work, name, self._size, answers) for name, answers in times.items())
        if OURS in self._folders and "page" in self._works:
            yield self._pages(workload.facets, budget_s)
        if "publish" in self._works:
            yield from self._publish()

    def _built(self, way: Way) -> Figure:
        """The figure of building, of an earlier run where it was kept."""
        record = self._folder / f"{way.name}.built.json"
        if self._kept and record.exists():
            return Figure.of_entry(json.loads(record.read_text(encoding="utf-8")))
        figure = self._build(way)
        if self._kept:
            record.write_text(json.dumps(figure.entry()), encoding="utf-8")
        return figure

    def _build(self, way: Way) -> Figure:
        folder = self._folders[way.name]
        shutil.rmtree(folder, ignore_errors=True)  # what a build left that was stopped
        folder.mkdir(parents=True)
        (seconds, worked), memory = build_apart(way, lambda: self._maker.suppliers(self._size))
        on_disk = disk_usage(folder)
        if way.name in ON_A_SERVER:
            settle(folder)
            on_disk += database_bytes(folder)
        self._say(f"{way.name} built in {seconds:.1f} s, {worked:.1f} s of the processor")
        return Figure.of(
            "build",
            way.name,
            self._size,
            [seconds],
            offers_per_s=round(self._size / seconds),
            offers_per_cpu_s=round(self._size / max(worked, 0.001)),
            cpu_median_ms=round(1_000 * worked, 4),
            cpu_p95_ms=round(1_000 * worked, 4),
            build_memory_mb=round(memory / MEGABYTE, 1),
            memory_mb=round(memory_to_answer(way.name, folder) / MEGABYTE, 1),
            disk_mb=round(on_disk / MEGABYTE, 1),
        )

    def _pages(self, queries: Sequence[SearchQuery], budget_s: float) -> Figure:
        self._say("loading the database of a private installation")
        app = private_app(self._instance)
        insert_district(app, self._maker.suppliers(self._size))
        self._say("whole pages of results")
        pages = _Pages(app)
        for query in queries:
            pages.page(query)
        return _figure("page", OURS, self._size, ask_in_turn([pages], "page", queries, budget_s)["page"])

    def _publish(self) -> Iterator[Figure]:
        """A supplier with its offers changed, until a search finds what is new."""
        self._say("publishing")
        suppliers = [
            supplier
            for supplier, _ in zip(self._maker.suppliers(self._size), range(PUBLICATIONS), strict=False)
            if supplier.offers
        ]
        for way in self._ways:
            seconds = [
                timed(lambda way=way, supplier=supplier, number=number: publish(way, supplier, number))
                for number, supplier in enumerate(suppliers)
            ]
            yield Figure.of("publish", way.name, self._size, seconds)
            for supplier in suppliers:  # an index that is kept stays as it was built
                way.publish(supplier)


def _figure(work: str, way: str, size: int, answers: Sequence[Took]) -> Figure:
    processor = Figure.of(work, way, size, [answer.processor for answer in answers])
    clock = [answer.clock for answer in answers]
    return Figure.of(work, way, size, clock, cpu_median_ms=processor.median_ms, cpu_p95_ms=processor.p95_ms)


class _Pages:
    """Asks for whole pages, by the shape of a way."""

    name = "page"

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def page(self, query: SearchQuery) -> int:
        answer = self._client.get("/search", query_string=page_address(query))
        if answer.status_code != 200:
            raise RuntimeError(f"/search answered {answer.status}")
        return len(answer.data)


def publish(way: Way, supplier: SupplierDocument, number: int) -> None:
    """Publish a change of the supplier's first offer; fails where a search does not find it then."""
    # four letters apart, so that one is no misspelling of another; a consonant at the end, so that none is stemmed away
    word = f"{NOTHING_ELSE}{4 * chr(ord('a') + number)}x"
    offer = replace(supplier.offers[0], title=f"{supplier.offers[0].title} {word}")
    way.publish(replace(supplier, offers=(offer, *supplier.offers[1:])))
    found = way.text(SearchQuery(text=word))
    if list(found) != [offer.id]:
        raise RuntimeError(f"{way.name} does not find what was published")
