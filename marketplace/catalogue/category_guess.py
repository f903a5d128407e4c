"""Which category a title means: by the names and synonyms of the tree, else by what the index holds like it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Offer
from search.engine import Engine
from search.named_categories import named_categories
from search.queries import MAX_QUERY_CHARACTERS, SearchQuery
from search.query_text import parse_query_text
from search.taxonomy import CategoryTree

MAX_GUESSES = 4
#: Offers like it whose categories are looked at.
LOOKED_AT = 20
_SHORTEST_WORD = 3
_MOST_WORDS = 8


def guess_categories(
    session: Session, engine: Engine, tree: CategoryTree, title: str, now: datetime
) -> tuple[str, ...]:
    """Codes, the likeliest first; the nearer an offer is to the title, the more its category counts."""
    title = " ".join(_words(title))
    named = named_categories(parse_query_text(title), tree) if title else frozenset()
    # of a name that reaches others below it, the one above
    named = sorted(code for code in named if named.isdisjoint(tree.ancestors(code)))
    scores: dict[str, float] = {}
    for rank, code in enumerate(_categories_like(session, engine, title, now)):
        scores[code] = scores.get(code, 0.0) + 1 / (rank + 1)
    like = sorted(scores, key=lambda code: (-scores[code], code))
    return tuple(dict.fromkeys(code for code in (*named, *like) if code in tree))[:MAX_GUESSES]


def _words(title: str) -> list[str]:
    """Without marks, which a search would understand as its own."""
    letters = "".join(mark if mark.isalnum() else " " for mark in title)
    return [word.lower() for word in letters.split() if len(word) >= _SHORTEST_WORD]


def _categories_like(session: Session, engine: Engine, title: str, now: datetime) -> list[str]:
    text = ""
    for word in title.split()[:_MOST_WORDS]:
        longer = f"{text} OR {word}" if text else word
        text = longer if len(longer) <= MAX_QUERY_CHARACTERS else text
    if not text:
        return []
    hits = [hit.offer_id for hit in engine.search(SearchQuery(text=text, per_page=LOOKED_AT), now).hits]
    found = dict(session.execute(sa.select(Offer.id, Offer.category).where(Offer.id.in_(hits))).all())
    return [found[id_] for id_ in hits if id_ in found]
