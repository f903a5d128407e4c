"""The hits of one page of a text, counted, scored and ordered within PostgreSQL.

Only for a search that wants nothing counted over all results and has no place in it: the rest is told by columns.
Scores and order are those of :mod:`search.browsing`, over the same numbers.
"""

from collections.abc import Sequence

from search.browsing import SCORE_DECIMALS, window
from search.facets import NOTHING_COUNTED
from search.postgres.conditions import Parameters, all_of
from search.postgres.text_search import TextCondition
from search.postgres.view import View
from search.queries import Hit, Page, SearchQuery
from search.relevance import COORDINATION, NAMED_CATEGORY

_STATEMENT = """
WITH found AS MATERIALIZED (
    SELECT o.id, o.supplier_id, o.category = ANY({named}::integer[]) AS named,
           ({relevance})::real::double precision
               * power(({words})::double precision / {of}, {coordination}) AS relevance
    FROM {s}.offer o WHERE {where}
), every AS (
    SELECT count(*) AS total, max(relevance) AS highest FROM found
)
SELECT total, id, supplier_id, score FROM every LEFT JOIN LATERAL (
    SELECT id, supplier_id,
           round((relevance + CASE WHEN named THEN {bonus} * highest ELSE 0 END) * {scale}) / {scale} AS score
    FROM found ORDER BY score DESC, id DESC OFFSET {start} LIMIT {count}
) AS best ON true ORDER BY score DESC, id DESC
"""


def suffice(query: SearchQuery) -> bool:
    """Whether nothing but hits is wanted, and nothing is asked that PostgreSQL measures a little differently."""
    return not query.counted and query.near is None and query.bbox is None


def page(
    view: View,
    query: SearchQuery,
    text: TextCondition,
    filters: Sequence[str],
    named: Sequence[int],
    put: Parameters,
) -> Page:
    """The page; ``named`` are the numbers of the categories that the text names."""
    start, count = window(query)
    statement = _STATEMENT.format(
        s=view.space,
        where=all_of((text.where or "false", *filters)),
        relevance=text.relevance,
        words=text.words,
        of=max(1, text.of),
        coordination=f"{COORDINATION!r}::double precision",
        bonus=f"{NAMED_CATEGORY!r}::double precision",
        scale=f"{10.0**SCORE_DECIMALS!r}::double precision",
        named=put.add(list(named)),
        start=put.add(start),
        count=put.add(count),
    )
    rows = view.connection.exec_driver_sql(statement, put.values).all()
    hits = tuple(Hit(offer, supplier, score, None) for _, offer, supplier, score in rows if offer is not None)
    return Page(hits, rows[0].total, NOTHING_COUNTED)
