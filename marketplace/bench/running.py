"""One run at one size: build every way, ask, publish, and fetch whole pages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from flask import Flask

from marketplace.bench.districts import DistrictMaker
from marketplace.bench.figures import ASKED, OURS, Figure
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
from marketplace.bench.ways.postgres_server import drop_databases
from marketplace.bench.ways.way import Setting, Way, does
from marketplace.bench.workload import Workload
from search.documents import SupplierDocument
from search.queries import SearchQuery

PUBLICATIONS = 15
NOTHING_ELSE = "pubblicatoora"
"""A word that no generated text has, by which what was just published is found."""

Say = Callable[[str], None]


class Run:
    """Measures some ways on a district of one size in a folder. ``say`` is told what happens."""

    def __init__(
        self, folder: Path, size: int, names: Sequence[str], maker: DistrictMaker, setting: Setting, say: Say
    ) -> None:
        self._size = size
        self._maker = maker
        self._say = say
        self._instance = folder / "instance"
        # Our engine keeps its index where the private installation looks for it.
        folders = {name: self._instance / "index" if name == OURS else folder / name for name in names}
        self._folders = folders
        self._ways = [WAYS[name](replace(setting, folder=folders[name])) for name in names]

    def figures(self, workload: Workload, budget_s: float) -> Iterator[Figure]:
        """All figures of the size. ``budget_s``: about how long each kind of question is repeated."""
        try:
            yield from self._figures(workload, budget_s)
        finally:
            on_a_server = [folder for name, folder in self._folders.items() if name in ON_A_SERVER]
            if on_a_server:
                drop_databases(on_a_server)

    def _figures(self, workload: Workload, budget_s: float) -> Iterator[Figure]:
        for way in self._ways:
            yield self._build(way)
        self._say("warming every way up")
        for way in self._ways:
            for work in ASKED:
                for question in getattr(workload, work) if does(way, work) else ():
                    getattr(way, work)(question)
        for work in ASKED:
            self._say(f"{work}, every way in turn")
            able = [way for way in self._ways if does(way, work)]
            if not able:
                continue
            times = ask_in_turn(able, work, getattr(workload, work), budget_s)
            yield from (_figure(work, name, self._size, answers) for name, answers in times.items())
        if OURS in self._folders:
            yield self._pages(workload.facets, budget_s)
        yield from self._publish()

    def _build(self, way: Way) -> Figure:
        self._folders[way.name].mkdir(parents=True, exist_ok=True)
        seconds, memory = build_apart(way, lambda: self._maker.suppliers(self._size))
        self._say(f"{way.name} built in {seconds:.1f} s")
        return Figure.of(
            "build",
            way.name,
            self._size,
            [seconds],
            offers_per_s=round(self._size / seconds),
            build_memory_mb=round(memory / MEGABYTE, 1),
            memory_mb=round(memory_to_answer(way.name, self._folders[way.name]) / MEGABYTE, 1),
            disk_mb=round(disk_usage(self._folders[way.name]) / MEGABYTE, 1),
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
