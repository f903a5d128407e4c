"""The promise of the search: it answers people's words well, and each kind of them better than plain FTS5 would."""

import statistics

import pytest

from marketplace.bench.relevance.command import judged_demo
from marketplace.bench.relevance.judged import KINDS
from marketplace.bench.relevance.judging_run import OURS, YARDSTICK, table

LEAST_NDCG = 0.85


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    return judged_demo(tmp_path_factory.mktemp("demo"))


def mean_ndcg(judged, way, kind=None):
    return statistics.fmean(one.ndcg for one in judged if one.way == way and kind in (None, one.query.kind))


def test_the_first_ten_are_what_is_meant(judged):
    assert mean_ndcg(judged, OURS) >= LEAST_NDCG


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_query_is_answered_better_than_by_fts5(judged, kind):
    assert mean_ndcg(judged, OURS, kind) > mean_ndcg(judged, YARDSTICK, kind)


def test_the_table_has_a_row_for_each_kind_and_for_all(judged):
    assert [row.split("|")[1].strip() for row in table(judged).splitlines()[2:]] == [*KINDS, "**all**"]
