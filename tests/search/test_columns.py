"""Columns put together from parts answer as columns built at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.areas import RadiusArea
from search.area_parts import MAX_PARTS
from search.columns import UNKNOWN, Columns
from search.memory import stem_rows_of
from search.ranking import rank
from tests.search import worlds
from tests.search.factories import AT_BERGAMO, BERGAMO, CRITERIA, NOW, TREE, demand, offer, supplier
from tests.support.examples import examples


def answer(columns, documents, asked, now=NOW):
    offers = {offer.id: offer for document in documents for offer in document.offers}
    in_rows = [offers[offer_id] for offer_id in columns.offers.ids.tolist()]
    find = stem_rows_of(in_rows, TREE)
    return rank(asked, columns, tree=TREE, criteria=CRITERIA, now=now, stem_rows=find)


@examples(30)
@given(worlds.worlds(most=8), worlds.demands(), worlds.moments, st.data())
def test_parts_put_together_answer_as_the_whole(documents, asked, now, data):
    cut = data.draw(st.integers(0, len(documents)))
    parts = [Columns.build(documents[:cut]), Columns.build(documents[cut:])]
    live = [
        np.array(data.draw(st.lists(st.booleans(), min_size=len(part), max_size=len(part))), dtype=bool)
        for part in parts
    ]
    alive = [one for one, kept in zip(documents, np.concatenate(live).tolist(), strict=True) if kept]
    together = Columns.concat(parts, live)
    assert together.supplier_ids.tolist() == [one.id for one in alive]
    assert answer(together, alive, asked, now) == answer(Columns.build(alive), alive, asked, now)


def test_a_replaced_supplier_answers_with_its_new_row_only():
    old, other = supplier(offer()), supplier(offer())
    new = supplier(offer(), id=old.id, name="Nuovo nome")
    parts = [Columns.build([old, other]), Columns.build([new])]
    together = Columns.concat(parts, [np.array([False, True]), None])
    found = answer(together, [other, new], demand())
    assert {match.name for match in found.matches} == {"Fornitore", "Nuovo nome"}
    assert found.considered == 2


def test_many_small_parts_keep_few_indexes_of_areas():
    documents = [supplier(offer(), areas=(RadiusArea(float(n), BERGAMO),)) for n in range(3 * MAX_PARTS)]
    columns = Columns.build(documents[:1])
    for document in documents[1:]:
        columns = Columns.concat([columns, Columns.build([document])])
    assert len(columns.areas.parts) <= MAX_PARTS + 1
    assert columns.reached(AT_BERGAMO, np.arange(len(columns))).all()


def test_rows_are_found_by_id():
    documents = [supplier(offer(id=30), offer(id=10), id=7), supplier(offer(id=20), id=3)]
    columns = Columns.build(documents)
    assert columns.offer_rows([10, 20, 30, 40]).tolist() == [1, 2, 0, UNKNOWN]
    assert columns.supplier_rows([3, 7, 9]).tolist() == [1, 0, UNKNOWN]


def test_nothing_makes_columns_too():
    nothing = Columns.build([])
    assert Columns.concat([nothing, nothing]).considered_count == 0
    assert Columns.concat([]).considered_count == 0
    assert nothing.offer_rows([1]).tolist() == [UNKNOWN]
    assert answer(nothing, [], demand()).matches == ()
