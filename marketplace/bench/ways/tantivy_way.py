"""Tantivy, a search library written in Rust, as a yardstick for texts: the same stems, fields and weights.

It is an extra (``pip install .[bench]``), and answers texts only: everything else that we ask would have to be written
around it by hand, which :mod:`marketplace.bench.ways.fts5_way` does already.
"""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec

from marketplace.bench.ways.flat_offers import CATEGORY, CONTEXT, DESCRIPTION, TITLE, FlatOffer, Flattener
from marketplace.bench.ways.way import HITS, Setting
from marketplace.bench.workload import NOW
from search.documents import SupplierDocument
from search.queries import SearchQuery
from search.query_text import ENOUGH
from search.text import stems

WEIGHTS = {"title": TITLE, "description": DESCRIPTION, "category": CATEGORY, "context": CONTEXT}
WRITER_BYTES = 200_000_000


def is_installed() -> bool:
    return find_spec("tantivy") is not None


class TantivyWay:
    name = "tantivy"
    works = frozenset({"text", "publish"})

    def __init__(self, setting: Setting) -> None:
        self._folder = setting.folder
        self._flattener = Flattener(setting.tree, setting.criteria, setting.comune_names, NOW)
        self._index = None

    def build(self, suppliers: Iterable[SupplierDocument]) -> None:
        writer = self._open().writer(WRITER_BYTES)
        for row in self._flattener.offers(suppliers):
            writer.add_document(self._document(row))
        writer.commit()
        writer.wait_merging_threads()
        self._index = None

    def text(self, query: SearchQuery) -> Sequence[int]:
        import tantivy

        words = tuple(dict.fromkeys(stems(query.text)))
        found = self._best(words, tantivy.Occur.Must)
        return found if len(found) >= ENOUGH or len(words) == 1 else self._best(words, tantivy.Occur.Should)

    def publish(self, supplier: SupplierDocument) -> None:
        index = self._open()
        writer = index.writer()
        writer.delete_documents_by_term("supplier", supplier.id)
        for row in self._flattener.offers([supplier]):
            writer.add_document(self._document(row))
        writer.commit()
        index.reload()

    def _best(self, words: Sequence[str], occur) -> list[int]:
        """Each word counts by the sum over its fields, weighted, as FTS5 has it."""
        import tantivy
        from tantivy import Query

        index = self._open()
        of_words = [
            (
                occur,
                Query.boolean_query(
                    [
                        (
                            tantivy.Occur.Should,
                            Query.boost_query(Query.term_query(index.schema, field, word, "freq"), weight),
                        )
                        for field, weight in WEIGHTS.items()
                    ]
                ),
            )
            for word in words
        ]
        searcher = index.searcher()
        found = searcher.search(Query.boolean_query(of_words), HITS, count=False)
        return searcher.fast_field_values("offer", [address for _score, address in found.hits])

    def _open(self):
        import tantivy

        if self._index is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            fields = tantivy.SchemaBuilder()
            fields.add_integer_field("offer", fast=True)
            fields.add_integer_field("supplier", indexed=True)
            for field in WEIGHTS:
                # what is handed over are stems already
                fields.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
            self._index = tantivy.Index(fields.build(), str(self._folder))
        return self._index

    @staticmethod
    def _document(row: FlatOffer):
        import tantivy

        return tantivy.Document(
            offer=row.offer_id,
            supplier=row.supplier_id,
            title=row.title,
            description=row.description,
            category=row.category_text,
            context=row.context,
        )
