"""What is decoded block by block is what Whoosh's own matchers give one by one."""

import numpy as np
import pytest

from search.embedded import writing
from search.embedded.snapshot import Snapshot
from tests.search.factories import offer, supplier

WORDS = "miele castagno acacia tiglio fiori bosco monte".split()


def world(count):
    return [
        supplier(
            *(
                offer(
                    id=10 * number + each,
                    title=f"miele {WORDS[(number + each) % 7]}",
                    description=" ".join(WORDS[: (number * each) % 6]),
                )
                for each in range(3)
            ),
            id=number,
        )
        for number in range(1, count)
    ]


@pytest.mark.parametrize("block", [1, 7, 2_048])
def test_postings_are_those_of_whoosh(engine, monkeypatch, block):
    monkeypatch.setattr(writing, "POSTINGS_PER_BLOCK", block)
    engine.rebuild(world(40))
    for segment in segments(engine):
        for field in ("own", "context"):
            for stem in {*(word[:-1] for word in WORDS), "miel", "prodott", "formagg"}:
                rows, weights = segment.postings(field, stem)
                one_by_one = list(public_postings(segment, field, stem))
                assert rows.tolist() == [row for row, _ in one_by_one]
                assert weights.tolist() == pytest.approx([weight for _, weight in one_by_one])


def test_postings_of_gathered_segments_are_in_order(engine):
    engine.rebuild(world(5))
    for one in world(40):
        engine.add([one])
    for segment in segments(engine):
        rows, _ = segment.postings("own", "miel")
        assert (np.diff(rows) > 0).all()


def test_a_phrase_never_spans_two_texts(engine):
    engine.rebuild(
        [
            supplier(
                offer(id=1, title="pane integrale", description="segale macinata"),
                offer(id=2, title="pane", description="integrale di segale"),
            )
        ]
    )
    (segment,) = segments(engine)
    assert ids(segment, ("pan", "integral")) == [1]
    assert ids(segment, ("integral", "segal")) == [2]
    assert ids(segment, ("segal", "macinat")) == [1]


def ids(segment, stems):
    return segment.columns.offers.ids[segment.phrase_rows(stems)].tolist()


def segments(engine):
    snapshot: Snapshot = engine._reader.view().snapshot
    return snapshot.segments


def public_postings(segment, field, stem):
    """(row, weight) by Whoosh's public ways."""
    reader = segment._reader
    if (field, stem) not in reader:
        return
    offer_ids = list(reader.column_reader("offer_id"))
    matcher = reader.postings(field, stem)
    found = []
    while matcher.is_active():
        found.append((int(segment.columns.offer_rows([offer_ids[matcher.id()]])[0]), matcher.weight()))
        matcher.next()
    yield from sorted(found)
