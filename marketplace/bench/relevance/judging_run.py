"""One run of the judged queries: the engine and FTS5 over the demo district, measured query by query."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import engines
from marketplace.bench.relevance.fts5_texts import Fts5Texts, stemmed
from marketplace.bench.relevance.judged import KINDS, JudgedQuery
from marketplace.bench.relevance.measures import RECALL_DEPTH, ndcg, recall
from marketplace.catalogue.documents import supplier_documents
from marketplace.catalogue.models import Offer
from marketplace.organisations.models import Organisation
from search.engine import Engine
from search.queries import SearchQuery

Finder = Callable[[str], Sequence[int]]
OURS, SHARED, YARDSTICK = "embedded", "postgres", "fts5"


@dataclass(frozen=True, slots=True)
class Judged:
    """How one way answered one query; ``ranked`` are the offers it put first."""

    query: JudgedQuery
    way: str
    ndcg: float
    recall: float
    ranked: tuple[str, ...]


def finders(session: Session, now: datetime, shared: Engine | None = None) -> dict[str, Finder]:
    """Every way to find ids of offers for a text, over what the database holds; the index must be built.

    ``shared``: the engine within PostgreSQL, where it is to be judged too; its index is built here.
    """
    names = {comune.istat: comune.name for comune in engines.comuni()}
    suppliers = list(supplier_documents(session))
    engine, tree = engines.index_engine(), engines.categories()
    plain = Fts5Texts(suppliers, tree, names)
    with_stems = stemmed(suppliers, tree, names)
    if shared is not None:
        shared.rebuild(suppliers)
    ours = {OURS: engine} | ({SHARED: shared} if shared is not None else {})
    return {way: _asking(one, now) for way, one in ours.items()} | {
        YARDSTICK: lambda text: plain.find(text, RECALL_DEPTH),
        f"{YARDSTICK} with our stems": lambda text: with_stems.find(text, RECALL_DEPTH),
    }


def _asking(engine: Engine, now: datetime) -> Finder:
    return lambda text: [
        hit.offer_id for hit in engine.search(SearchQuery(text=text, per_page=RECALL_DEPTH), now).hits
    ]


def offer_keys(session: Session) -> dict[int, str]:
    """Offers by id: ``organisation/offer`` by the keys of the dataset."""
    rows = session.execute(
        sa.select(Offer.id, Organisation.key, Offer.key).join(
            Organisation, Organisation.id == Offer.organisation_id
        )
    )
    return {offer_id: f"{organisation}/{offer}" for offer_id, organisation, offer in rows}


def judge(
    queries: Sequence[JudgedQuery], ways: Mapping[str, Finder], keys: Mapping[int, str]
) -> Iterator[Judged]:
    """Every query answered in every way."""
    for query in queries:
        for way, find in ways.items():
            ranked = tuple(keys[offer_id] for offer_id in find(query.text))
            yield Judged(query, way, ndcg(ranked, query.grades), recall(ranked, query.grades), ranked)


def table(judged: Sequence[Judged]) -> str:
    """A Markdown table: nDCG@10 and recall@20 of every way, per kind and in all."""
    ways = list(dict.fromkeys(one.way for one in judged))
    lines = _row(["queries", "", *(f"{way}: nDCG@10, recall@20" for way in ways)])
    lines += "|---|--:|" + "--:|" * len(ways) + "\n"
    for kind in (*KINDS, None):
        of_kind = [one for one in judged if kind in (None, one.query.kind)]
        if of_kind:
            cells = [_means([one for one in of_kind if one.way == way]) for way in ways]
            lines += _row([kind or "**all**", str(len(of_kind) // len(ways)), *cells])
    return lines


def _means(judged: Sequence[Judged]) -> str:
    return f"{statistics.fmean(one.ndcg for one in judged):.3f}, {statistics.fmean(one.recall for one in judged):.3f}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"
