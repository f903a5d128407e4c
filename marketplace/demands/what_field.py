"""What is needed, as people write it: a category's name or synonym, or a CPV code."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from wtforms import ValidationError

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.form_text import LineField
from marketplace.i18n import current_language
from search.queries import MAX_QUERY_CHARACTERS, SearchQuery
from search.taxonomy import cpv_prefix

#: Categories proposed for words that name none.
MAX_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class What:
    """What the words mean: a category, or a CPV code that the tree knows; ``text`` is what was written."""

    text: str
    category: str | None = None
    cpv: str | None = None


class WhatField(LineField):
    """``data`` is the text; ``what`` is its meaning once validated. ``suggestions`` are (code, label) pairs."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.what: What | None = None
        self.suggestions: list[tuple[str, str]] = []

    def pre_validate(self, form) -> None:
        text = (self.data or "").strip()
        if not text:
            return
        tree = engines.categories()
        digits = text.replace("-", "").strip()
        if digits.isascii() and digits.isdigit() and cpv_prefix(text):
            self.what = self._cpv(text)
            return
        meant = tree.resolve(text)
        if isinstance(meant, tuple):
            self._suggest(meant)
            raise ValidationError(_("This can mean several things: choose one."))
        if meant is None:
            self._suggest(_near(text))
            raise ValidationError(
                _("We do not know this yet: choose the nearest, or write it in other words.")
                if self.suggestions
                else _("We do not know this yet: write it in other words, or choose from the list.")
            )
        self.what = What(text, category=meant)

    def _cpv(self, text: str) -> What:
        code = text.replace("-", "")[:8]
        if code not in engines.cpv_labels(current_language()):
            raise ValidationError(_("There is no CPV code %(code)s.", code=text))
        if not engines.categories().by_cpv(code):
            raise ValidationError(_("Nothing in the catalogue answers to CPV %(code)s yet.", code=text))
        return What(text, cpv=code)

    def _suggest(self, codes: Iterable[str]) -> None:
        tree = engines.categories()
        self.suggestions = [(code, " › ".join(tree.path(code, current_language()))) for code in codes]


def _near(text: str) -> list[str]:
    """Categories whose offers the index finds for these words, the commonest and narrowest first."""
    page = engines.search_engine().search(SearchQuery(text=text[:MAX_QUERY_CHARACTERS]), utc_now())
    tree = engines.categories()
    counts = page.facets.category
    leaves = [code for code in counts if code in tree and tree.is_leaf(code)]
    return sorted(leaves, key=lambda code: (-counts[code], code))[:MAX_SUGGESTIONS]
