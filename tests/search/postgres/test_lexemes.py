"""Stems as PostgreSQL keeps them."""

from search.offer_stems import OfferAnalysis
from search.postgres.lexemes import LONGEST, lexeme, own_query, term_query, tsvector
from search.query_text import Term
from tests.search.factories import TREE, offer, supplier


def text_of(one, **values):
    analysis = OfferAnalysis(TREE, {"016091": "Clusone"})
    return tsvector(analysis.offer(one, analysis.supplier_context(supplier(one, **values))))


def test_the_weight_tells_the_field():
    text = text_of(
        offer("food.cheese.goat", title="Robiola", description="Latte crudo"), name="Alpe", comune="016091"
    )
    found = dict(each.rsplit(":", 1) for each in text.split())
    weights = {stem.strip("'"): {place[-1] for place in places.split(",")} for stem, places in found.items()}
    assert weights["robiol"] == {"A"}
    assert weights["latt"] == {"C"}
    assert weights["caprin"] == {"B"}
    assert weights["clus" if "clus" in weights else "cluson"] == {"D"}


def test_a_stem_of_several_fields_has_the_weight_of_each():
    text = text_of(offer("food.cheese.goat", title="Formaggi freschi", description="Formaggi"))
    places = dict(each.rsplit(":", 1) for each in text.split())["'formagg'"].split(",")
    assert {place[-1] for place in places} == {"A", "B", "C", "D"}


def test_a_stem_that_nobody_writes_on_purpose_is_cut_and_still_itself():
    one, other = lexeme("a" * 5_000), lexeme("a" * 5_000 + "b")
    assert one != other
    assert max(len(one), len(other)) < LONGEST


def test_what_is_sought_is_quoted():
    assert term_query(Term(("mel", "cast"))) == "'mel':ABC <-> 'cast':ABC"
    assert term_query(Term(("mel",))) == "'mel'"
    assert term_query(Term(cpv="03222321")) is None
    assert own_query("mel") == "'mel':ABC"
