"""The Whoosh schema: one document per findable offer, stems with weights, integers and nothing else.

Four fields:

* ``own``: the stems of title, description, and the category's labels and synonyms, with weights and positions;
* ``context``: the stems of the categories above, of the organisation's name and of its comune, with weights;
* ``surface``: the words of titles and organisations' names as they are written, for spelling and suggestions;
* ``offer_id``, ``supplier_id`` and ``length``: columns.

Stems come from :func:`search.text.stems`, as everywhere; Whoosh's own analysers take no part.
The schema is pickled into the index by Whoosh and segments are read as pickles, so whoever can
write to the index folder can run code: it must never be writable by uploads.
"""

from array import array
from collections.abc import Iterable, Iterator

from whoosh import columns, fields, formats

from search.offer_stems import Posting

POSITION_TYPE = "H"
"""Positions are unsigned 16-bit numbers, in the byte order of the machine: an index does not travel."""


class StemPositions(formats.Format):
    """Positions as packed 16-bit numbers, which numpy reads many at a time."""

    posting_size = -1

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return array(POSITION_TYPE, valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        return len(valuestring) // array(POSITION_TYPE).itemsize


class StemExistence(formats.Existence):
    """Whether a stem occurs, with a weight."""


class WeightedStems(fields.FieldType):
    """A field of stems that are weighted before they come here; its values are iterables of :data:`Posting`."""

    def __init__(self, format_: formats.Format) -> None:
        super().__init__(format_, analyzer=None)

    def index(self, value: Iterable[Posting], **kwargs: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for stem, weight, positions in value:
            packed = array(POSITION_TYPE, positions).tobytes()
            yield stem.encode(), len(positions) or 1, weight, packed


class Surface(fields.FieldType):
    """A field of words as they are written; its values are sets of words."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=None)

    def index(self, value: Iterable[str], **kwargs: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for word in value:
            yield word.encode(), 1, 1.0, b""


def offer_schema() -> fields.Schema:
    """The schema of the index."""
    return fields.Schema(
        own=WeightedStems(StemPositions()),
        context=WeightedStems(StemExistence()),
        surface=Surface(),
        offer_id=fields.COLUMN(columns.NumericColumn("q", default=0)),
        supplier_id=fields.COLUMN(columns.NumericColumn("q", default=0)),
        length=fields.COLUMN(columns.NumericColumn("i", default=0)),
    )
