"""The judged queries refer to what exists, and follow from their rules."""

import csv
import runpy
from collections import Counter

import pytest

from marketplace.bench.relevance.judged import KINDS, read_judged
from marketplace.bench.relevance.measures import RELEVANT
from marketplace.config import DATA, ROOT

QUERIES = read_judged(DATA / "relevance")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(ROOT / "data" / "build" / "judgements.py"))


def test_there_are_queries_enough_of_every_kind():
    kinds = Counter(query.kind for query in QUERIES)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 12


def test_no_query_is_asked_twice():
    assert len({query.key for query in QUERIES}) == len({query.text for query in QUERIES}) == len(QUERIES)


def test_every_query_can_be_answered():
    unanswered = [query.text for query in QUERIES if max(query.grades.values(), default=0) < RELEVANT]
    assert unanswered == []


def test_judgements_are_of_published_offers_of_the_demo_district():
    offers = rows(DATA / "demo" / "offers.csv")
    published = {f"{row['organisation']}/{row['key']}" for row in offers if row["status"] == "published"}
    judged = {offer for query in QUERIES for offer in query.grades}
    assert sorted(judged - published) == []


def test_grades_are_1_to_3():
    assert {grade for query in QUERIES for grade in query.grades.values()} == {1, 2, 3}


def test_the_judgements_are_those_that_the_rules_give(script):
    """After a change of the demo district or of a rule: ``python data/build/judgements.py``."""
    written = [
        (row["query"], row["offer"], int(row["grade"])) for row in rows(DATA / "relevance" / "judgements.csv")
    ]
    assert written == list(script["judgements"]())


def test_every_rule_speaks_of_some_offer(script):
    """A rule that fits nothing judges nothing: a word in it is misspelt, or the district has changed."""
    tree = script["CategoryTree"].load(DATA / "categories.csv")
    claims = {
        (row["organisation"], row["offer"], row["criterion"]) for row in rows(DATA / "demo" / "claims.csv")
    }
    offers = []
    for row in rows(DATA / "demo" / "offers.csv"):
        code = tree.resolve(row["category"])
        offers.append((row, {code, *tree.ancestors(code)}, script["fold"](row["title"])))
    idle = [
        rule
        for rule in rows(DATA / "relevance" / "rules.csv")
        if not any(script["fits"](rule, *offer, claims) for offer in offers)
    ]
    assert idle == []
