"""Where a text shows what was sought: Whoosh's highlighter, as plain data that a template can escape."""

import re
from collections.abc import Iterator
from functools import lru_cache

from whoosh.analysis import Token
from whoosh.highlight import ContextFragmenter, Formatter, Fragment, highlight

from search.query_text import parse_query_text
from search.text import fold, stems_of

Pieces = list[tuple[str, bool]]
"""A text in pieces; true for those that were sought."""

MAX_HIGHLIGHTED = 20_000
"""Characters of a text that are looked at."""
_WRITTEN = re.compile(r"[^\W\d_]+|[0-9]+")
_BETWEEN = " … "


def highlighted(text: str, query: str, length: int | None = None) -> Pieces:
    """The text with the words of the query marked, whole or in excerpts of about ``length`` characters.

    An excerpt of a text without any of the words is its beginning.
    """
    sought = _sought(query)
    whole = Fragment(text, list(_marked(text[:MAX_HIGHLIGHTED], sought)))
    if length is None or len(text) <= length:
        return _Pieces().format([whole])
    if not whole.matches:
        cut = text[:length].rsplit(None, 1)
        return [((cut[0] if cut else text[:length]) + " …", False)]
    return highlight(
        text[:MAX_HIGHLIGHTED],
        sought,
        _analyse,
        ContextFragmenter(maxchars=length // 2, surround=max(20, length // 4), charlimit=None),
        _Pieces(),
        top=2,
    )


def _analyse(text: str, **kwargs: object) -> Iterator[Token]:
    """Every written word as a token whose text is its stem; a word without a stem has itself."""
    token = Token(chars=True)
    for found in _WRITTEN.finditer(text):
        token.text = _stem_of(found[0])
        token.startchar, token.endchar = found.span()
        token.matched = False
        yield token


@lru_cache(maxsize=256)
def _sought(query: str) -> frozenset[str]:
    """Remembered, because the texts of one page are all highlighted for the same query."""
    return parse_query_text(query).sought_stems


@lru_cache(maxsize=50_000)
def _stem_of(written: str) -> str:
    stems = stems_of(fold(written))
    return stems[0] if stems else written


def _marked(text: str, sought: frozenset[str]) -> Iterator[Token]:
    for found in _WRITTEN.finditer(text):
        if (stem := _stem_of(found[0])) in sought:
            yield Token(chars=True, text=stem, startchar=found.start(), endchar=found.end(), matched=False)


class _Pieces(Formatter):
    """Formats fragments as pieces instead of mark-up."""

    def format(self, fragments: list[Fragment], replace: bool = False) -> Pieces:
        pieces: Pieces = []
        for fragment in fragments:
            if pieces:
                pieces.append((_BETWEEN, False))
            at = fragment.startchar
            for match in fragment.matches:
                if match.startchar > at:
                    pieces.append((fragment.text[at : match.startchar], False))
                if match.startchar >= at:
                    pieces.append((fragment.text[match.startchar : match.endchar], True))
                    at = match.endchar
            if at < fragment.endchar:
                pieces.append((fragment.text[at : fragment.endchar], False))
        return pieces
