"""Criteria named in a text: whoever types "biologico" wants what holds the criterion, not the word alone."""

from functools import lru_cache

from search.criteria import CriteriaRegister
from search.query_text import TextQuery
from search.text import stems


def criteria_named(query: TextQuery, criteria: CriteriaRegister) -> dict[str, list[str]]:
    """By stem, the codes of the criteria of whose label, in either language, every stem is typed."""
    typed = query.sought_stems
    named: dict[str, list[str]] = {}
    for of_label, code in _label_stems(criteria):
        if of_label <= typed:
            for stem in of_label:
                named.setdefault(stem, []).append(code)
    return named


@lru_cache(maxsize=8)
def _label_stems(criteria: CriteriaRegister) -> tuple[tuple[frozenset[str], str], ...]:
    """The stems of each label with the code of the criterion."""
    return tuple(
        (frozenset(found), criterion.code)
        for criterion in criteria
        for found in (stems(criterion.label_it), stems(criterion.label_en))
        if found
    )
