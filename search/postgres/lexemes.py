"""Stems as PostgreSQL keeps and seeks them: a ``tsvector`` of ours, untouched by its dictionaries.

Weights tell the fields apart: A the title, B the names of the offer's own category, C the description,
D what the offer is found by without containing it (the categories above, the organisation, its comune).
Positions are those of :mod:`search.offer_stems`; those of D lie behind and apart, so that no phrase is in them.
"""

from hashlib import blake2b

from search.offer_stems import GAP, OfferStems
from search.query_text import Term

LONGEST = 255
"""Bytes of a stem that is kept as it is; PostgreSQL refuses what is longer than 2 kB."""
LAST_POSITION = 16_383
"""The last that a ``tsvector`` tells apart."""
OWN = "ABC"
RANKED = "{0.2, 0.35, 0.7, 1.0}"
"""What a stem counts by its weight, D to A, in ``ts_rank``."""


def lexeme(stem: str) -> str:
    """The stem in quotes; of one that nobody writes on purpose, the beginning and a hash."""
    if len(stem) > LONGEST // 4 and len(encoded := stem.encode()) > LONGEST:
        stem = stem[:32] + blake2b(encoded, digest_size=16).hexdigest()
    return f"'{stem}'"


def tsvector(stems: OfferStems) -> str:
    """The stems of an offer as the text of a ``tsvector``."""
    places: dict[str, list[str]] = {}
    last = 0
    for stem, _, positions in stems.own:
        for position in positions:
            if position < stems.description_at:
                weight = "A"
            else:
                weight = "C" if position < stems.category_at else "B"
            last = max(last, position)
            places.setdefault(stem, []).append(f"{min(position + 1, LAST_POSITION)}{weight}")
    for stem, _, _ in stems.context:
        last += GAP
        places.setdefault(stem, []).append(f"{min(last + 1, LAST_POSITION)}D")
    return " ".join(f"{lexeme(stem)}:{','.join(at)}" for stem, at in places.items())


def own_query(stem: str) -> str:
    """A ``tsquery`` for offers that contain the stem in their own texts or the names of their category."""
    return f"{lexeme(stem)}:{OWN}"


def term_query(term: Term) -> str | None:
    """A ``tsquery`` for a word in any field or a phrase within one; ``None`` for a term without stems."""
    if len(term.stems) > 1:
        return " <-> ".join(f"{lexeme(stem)}:{OWN}" for stem in term.stems)
    return lexeme(term.stems[0]) if term.stems else None
