"""What is told of two answers that differ, and that nothing is told of what differs by rounding."""

from dataclasses import replace

import pytest

from marketplace.bench.agreement import answers_differ, pages_differ
from search.answer import Answer, Match
from search.queries import Facets, Hit, Page

ANSWER = Answer(
    matches=tuple(Match(rank, rank + 6, "", 9.5 - rank, {}, {}, 3.0, (), (), ()) for rank in (1, 2)),
    near_misses=(),
    considered=9,
    in_category=5,
    failed={"reach": 3},
    dropped=(),
    weights={},
    eligible=2,
)
PAGE = Page((Hit(4, 7, 1.5, None),), 1, Facets({"food": 1}, {}, {}, {}))


def scored(more):
    first, second = ANSWER.matches
    return replace(ANSWER, matches=(replace(first, score=first.score + more), second))


def test_a_score_may_differ_by_rounding():
    assert list(answers_differ(ANSWER, scored(1e-9))) == []


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(ANSWER, matches=ANSWER.matches[::-1]), "other suppliers"),
        (scored(1e-5), "scores differ by 1e-05"),
        (replace(ANSWER, failed={"reach": 2}), "other counts"),
    ],
)
def test_what_differs_is_told(other, said):
    (told,) = answers_differ(ANSWER, other)
    assert told.startswith(said)


def test_hits_of_a_page_are_compared_where_the_page_has_all_of_them():
    another = (Hit(5, 7, 1.5, None),)
    assert list(pages_differ(PAGE, replace(PAGE, hits=another))) == ["other offers"]
    assert list(pages_differ(replace(PAGE, total=200), replace(PAGE, total=200, hits=another))) == []
