"""What is exported and imported again is unchanged, in every format, whatever the lines hold."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.catalogue.reserved_words import RESERVED
from marketplace.engines import categories
from marketplace.price_lists.columns import guess_columns, guess_header
from marketplace.price_lists.exports.files import Heading, write
from marketplace.price_lists.free_text import Categories
from marketplace.price_lists.intake import read_any
from marketplace.price_lists.listed import UNIT_WORDS, VAT_WORDS, Listed
from marketplace.price_lists.plan import Outcome
from marketplace.price_lists.planning import make_plan
from marketplace.price_lists.reading import Reading

TREE = Categories(categories())
CODES = [category.code for category in categories()]
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
titles = st.one_of(
    st.sampled_from(
        ["=1+1", "+39 035", "-5", "@cmd", "'quoted", "Mele; e; pere", 'Vino "nuovo"', "Caffè, 250 g"]
    ),
    texts,
).filter(lambda text: " ".join(text.split()).strip("\x00") != "")
quantities = st.one_of(st.none(), st.integers(1, 10**9))


@st.composite
def lines(draw):
    found = []
    for number in range(draw(st.integers(1, 5))):
        title = one_line(draw(titles)) or "Prodotto"
        found.append(
            Listed(
                id=number + 1,
                key=draw(st.one_of(st.none(), st.just(f"K{number}"))),
                title=title,
                description=several_lines(draw(texts)),
                category=draw(st.sampled_from(CODES)),
                unit=draw(st.sampled_from(sorted(UNIT_WORDS))),
                price=draw(st.one_of(st.none(), st.integers(0, 10**9))),
                vat_treatment=draw(st.sampled_from(sorted(VAT_WORDS))),
                box_size=draw(quantities),
                minimum=draw(quantities),
                multiple=draw(quantities),
                maximum_per_member=draw(quantities),
                available=draw(st.one_of(st.none(), st.integers(0, 10**9))),
                months=frozenset(draw(st.sets(st.integers(1, 12), max_size=11))),
                lead_time_days=draw(st.one_of(st.none(), st.integers(0, 365))),
            )
        )
    return found


def one_line(text):
    from marketplace.form_text import one_line

    return one_line(text)


def several_lines(text):
    from marketplace.form_text import several_lines

    return several_lines(text)


def planned(content, current):
    sheet = read_any(content)
    header = guess_header(sheet)
    reading = Reading(columns=guess_columns(sheet, header), header=-1 if header is None else header)
    return make_plan(sheet, reading, current, TREE, proven=RESERVED)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "json"])
@settings(max_examples=40)
@given(current=lines())
def test_exported_and_imported_again_is_unchanged(kind, current):
    content = write(kind, Heading("Cascina"), current, TREE.label, NOW)
    plan = planned(content, current)
    assert not plan.questions
    assert [
        (row.outcome, row.changes, row.reasons) for row in plan.rows if row.outcome is not Outcome.UNCHANGED
    ] == []
    assert len(plan.rows) == len(current)
    assert plan.vanished == ()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_formulas_are_quoted_and_numbers_stay_numbers(kind):
    current = [
        Listed(1, "A", "=cmd|' /C calc'!A0", category="food", price=15_000),
        Listed(2, "B", "@sum", category="food"),
    ]
    content = write(kind, Heading("Cascina"), current, TREE.label, NOW)
    if kind == "csv":
        assert b";'=cmd|" in content
        assert b";'@sum" in content
    elif kind == "ods":
        from io import BytesIO
        from zipfile import ZipFile

        xml = ZipFile(BytesIO(content)).read("content.xml").decode()
        assert "<text:p>'=cmd|' /C calc'!A0</text:p>" in xml
        assert "<text:p>'@sum</text:p>" in xml
        assert 'office:value="1.5"' in xml
        assert "table:formula" not in xml
    else:
        from io import BytesIO

        import openpyxl

        sheet = openpyxl.load_workbook(BytesIO(content)).active
        assert (sheet["B2"].value, sheet["B2"].data_type) == ("'=cmd|' /C calc'!A0", "s")
        assert (sheet["F2"].value, sheet["F2"].data_type) == (1.5, "n")


def test_a_real_negative_number_is_not_quoted():
    from marketplace.price_lists.exports.harmless_cells import harmless

    assert [harmless(text) for text in ("-5", "-1,50", "-5+1", "+1", "\tx", "a=b")] == [
        "-5", "-1,50", "'-5+1", "'+1", "'\tx", "a=b",
    ]  # fmt: skip


def test_the_printed_list_is_a_pdf_with_its_letters(plain_app):
    with plain_app.test_request_context():
        content = write(
            "pdf",
            Heading("Cascina è qui", url="https://example.org/organisations/cascina"),
            [Listed(1, None, "<script>Caffè d’orzo 漢", category="food", price=26_750)],
            TREE.label,
            NOW,
        )
    assert content.startswith(b"%PDF-")
