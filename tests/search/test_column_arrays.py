"""Columns come back from a file as they went in; what is not such a file is refused."""

import numpy as np
import pytest
from hypothesis import given

from search.column_arrays import UnreadableColumns, columns_from_bytes, columns_to_bytes, to_arrays
from search.columns import Columns
from search.memory import stem_rows_of
from search.ranking import rank
from tests.search import worlds
from tests.search.factories import CRITERIA, TREE, claim, offer, supplier
from tests.support.examples import examples


@examples(25)
@given(worlds.worlds(), worlds.demands(), worlds.moments)
def test_columns_from_a_file_answer_as_those_that_were_written(documents, demand, now):
    columns = Columns.build(documents)
    read = columns_from_bytes(columns_to_bytes(columns))
    find = stem_rows_of([offer for document in documents for offer in document.offers], TREE)
    first, second = (
        rank(demand, one, tree=TREE, criteria=CRITERIA, now=now, stem_rows=find) for one in (columns, read)
    )
    assert first == second
    assert read.kinds.of(0) == columns.kinds.of(0)


def test_no_array_holds_objects():
    columns = Columns.build([supplier(offer(claims=(claim("organic"),)), name="Società «Àlfa»")])
    assert all(array.dtype != object for array in to_arrays(columns).values())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a file of columns" * 50])
def test_what_is_not_a_file_of_columns_is_refused(content):
    with pytest.raises(UnreadableColumns):
        columns_from_bytes(content)


def test_a_cut_or_altered_file_is_refused_or_reads_the_same():
    whole = columns_to_bytes(Columns.build([supplier(offer())]))
    with pytest.raises(UnreadableColumns):
        columns_from_bytes(whole[: len(whole) // 2])
    altered = bytearray(whole)
    altered[whole.index(b"supplier_ids") + 200] ^= 0xFF
    with pytest.raises(UnreadableColumns):
        columns_from_bytes(bytes(altered))


def test_another_format_is_refused(tmp_path):
    arrays = to_arrays(Columns.build([])) | {"format": np.array(99)}
    np.savez(tmp_path / "other.npz", **arrays)
    with pytest.raises(UnreadableColumns):
        columns_from_bytes((tmp_path / "other.npz").read_bytes())
