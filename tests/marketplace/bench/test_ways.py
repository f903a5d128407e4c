"""The ways measured side by side answer the same questions alike, or their times would compare nothing."""

from dataclasses import replace

import pytest

from marketplace import engines
from marketplace.bench.districts import DistrictMaker
from marketplace.bench.running import publish
from marketplace.bench.ways import ON_A_SERVER, WAYS
from marketplace.bench.ways.postgres_server import VARIABLE
from marketplace.bench.ways.tantivy_way import is_installed
from marketplace.bench.ways.way import HITS, Setting
from marketplace.bench.workload import NOW, make_workload
from search.embedded import EmbeddedEngine
from search.queries import SearchQuery
from search.query_text import ENOUGH
from search.text import stems
from tests.support.postgres import shared_server
from tests.support.requirements import missing

SIZE = 700


def named(*names):
    """These ways, those on a server only where there is one, and the extra one where it is installed."""
    return [pytest.param(name, marks=_condition(name)) for name in names]


def _condition(name):
    if name in ON_A_SERVER:
        return [pytest.mark.needs("postgres")]
    return [pytest.mark.skipif(name == "tantivy" and not is_installed(), reason="no extra: tantivy")]


EVERY_WAY = named(*WAYS)
OTHERS = named(*(name for name in WAYS if name != "embedded"))
WHOLE = named(*(name for name in WAYS if name not in {"embedded", "tantivy"}))


@pytest.fixture(scope="module")
def maker():
    return DistrictMaker(engines.categories(), engines.criteria(), engines.comuni())


@pytest.fixture(scope="module")
def workload(maker):
    return make_workload(maker, questions=16)


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    names = {comune.istat: comune.name for comune in engines.comuni()}
    return Setting(tmp_path_factory.mktemp("ways"), engines.categories(), engines.criteria(), names)


@pytest.fixture(scope="module")
def ways(maker, setting, session_folder):
    suppliers = list(maker.suppliers(SIZE))
    there = [name for name in WAYS if name not in ON_A_SERVER or not missing("postgres")]
    if not is_installed():
        there.remove("tantivy")
    with pytest.MonkeyPatch.context() as patch:
        if ON_A_SERVER & set(there):
            patch.setenv(VARIABLE, shared_server(session_folder).url("postgres"))
        folders = {name: setting.folder / getattr(WAYS[name], "index_of", name) for name in there}
        made = {name: WAYS[name](replace(setting, folder=folders[name])) for name in there}
        # of two ways that share an index one builds it
        for name in {folder: name for name, folder in folders.items()}.values():
            made[name].build(suppliers)
        yield made


@pytest.fixture(scope="module")
def engine(ways, setting):
    return EmbeddedEngine(setting.folder / "embedded", setting.tree, setting.criteria)


@pytest.mark.parametrize("name", OTHERS)
def test_every_way_finds_the_offers_that_have_all_words(ways, engine, workload, name):
    compared = 0
    for query in workload.text:
        page = engine.search(replace(query, per_page=100), NOW)
        few_words = len(set(stems(query.text))) <= 2  # of three, the engine looks for any two before any one
        if few_words and ENOUGH <= page.total <= HITS and not page.did_you_mean:
            assert set(ways[name].text(query)) == {hit.offer_id for hit in page.hits}
            compared += 1
    assert compared


@pytest.mark.parametrize("name", EVERY_WAY)
def test_a_page_is_filled_with_what_has_some_of_the_words(ways, workload, name):
    found = [len(ways[name].text(query)) for query in workload.text]
    assert max(found) == HITS
    assert 0 not in found


@pytest.mark.parametrize("name", WHOLE)
def test_every_way_counts_the_same_facets(ways, workload, name):
    compared = 0
    for query in workload.facets:
        if len(set(stems(query.text))) == 1:
            ours, theirs = ways["embedded"].facets(query), ways[name].facets(query)
            if sum(ours["kind"].values()) == sum(theirs["kind"].values()):
                assert {facet: dict(counts) for facet, counts in theirs.items()} == ours
                compared += 1
    assert compared


@pytest.mark.parametrize("name", WHOLE)
def test_every_way_counts_the_same_suppliers_on_a_map(ways, workload, name):
    counts = [ways["embedded"].map_box(query) for query in workload.map_box]
    assert [ways[name].map_box(query) for query in workload.map_box] == counts
    assert any(counts)


@pytest.mark.parametrize("name", WHOLE)
def test_every_way_matches_the_same_suppliers(ways, engine, workload, name):
    eligible = 0
    for demand in workload.match_30km:
        answer = engine.match(demand, NOW, limit=None)
        ours = {match.supplier_id for match in answer.matches}
        assert set(ways[name].match_30km(demand)) == ours
        eligible += len(ours)
    assert eligible


@pytest.mark.parametrize("name", EVERY_WAY)
def test_what_is_published_is_found_and_what_it_replaces_is_not(ways, maker, name):
    supplier = next(iter(maker.suppliers(SIZE)))
    publish(ways[name], supplier, 0)
    publish(ways[name], supplier, 1)
    assert list(ways[name].text(SearchQuery(text="pubblicatooraaaaax"))) == []
