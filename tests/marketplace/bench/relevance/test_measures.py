"""nDCG@10 and recall@20, by the numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bench.relevance.measures import ndcg, recall

GRADES = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 3), min_size=1)


def test_the_best_order_has_the_value_one():
    assert ndcg(["a", "b", "c"], {"a": 3, "b": 2, "c": 1}) == 1.0


def test_a_worse_order_is_discounted_by_the_logarithm_of_the_rank():
    best = 7 + 3 / math.log2(3)
    assert ndcg(["b", "a"], {"a": 3, "b": 2}) == pytest.approx((3 + 7 / math.log2(3)) / best)


def test_what_nobody_judged_is_worth_nothing():
    assert ndcg(["x", "y"], {"a": 3}) == 0.0


def test_only_the_first_ten_count():
    assert ndcg([*"bcdefghijk", "a"], {"a": 3}) == 0.0


def test_recall_asks_no_more_than_fits():
    grades = {str(number): 3 for number in range(70)}
    assert recall([str(number) for number in range(20)], grades) == 1.0


def test_recall_counts_what_answers_and_not_what_is_related():
    assert recall(["a", "c"], {"a": 3, "b": 2, "c": 1}) == 0.5


@pytest.mark.parametrize("measure", [ndcg, recall])
def test_a_query_without_an_answer_is_refused(measure):
    with pytest.raises(ValueError):
        measure(["a"], {})


@given(GRADES, st.randoms(use_true_random=False))
def test_measures_are_between_nothing_and_all(grades, random):
    ranked = [*grades, "nobody's"]
    random.shuffle(ranked)
    assert 0 <= ndcg(ranked, grades) <= 1 + 1e-12


@given(GRADES)
def test_no_order_is_better_than_by_grade(grades):
    assert ndcg(sorted(grades, key=grades.get, reverse=True), grades) == pytest.approx(1.0)
