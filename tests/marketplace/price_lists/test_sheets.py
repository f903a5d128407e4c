"""Files of every program as rows of text, and hostile ones refused with a clear count (ORDEAL 19 to 22)."""

import io
import os
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.price_lists.cell_values import Refused, months, price_and_unit, quantity
from marketplace.price_lists.columns import guess_columns, guess_header, repeated_names
from marketplace.price_lists.intake import read_any
from marketplace.price_lists.sheets.sheet import MAX_CELL, MAX_ROWS, Unreadable, number_text
from tests.marketplace.price_lists.files_made import ods_of, ods_row, spreadsheet, workbook_of

LIST = "nome{s}prezzo{s}unità\r\nCaffè d'orzo{s}{q}3,50{q}{s}kg\r\n{q}Mele\r\nrenette{q}{s}{q}2{q}{s}kg\r\n"


def cells(content, **how):
    return [row.cells for row in read_any(content, **how).rows]


def refused(content, **how):
    with pytest.raises(Unreadable) as problem:
        read_any(content, **how)
    return problem.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_encoding_and_separator_gives_the_same_rows(encoding, separator):
    content = LIST.format(s=separator, q='"').encode(encoding)
    found = cells(content)
    assert [row[0] for row in found] == ["nome", "Caffè d'orzo", "Mele\r\nrenette"]
    assert [row[1] for row in found] == ["prezzo", "3,50", "2"]


def test_rows_keep_the_numbers_that_people_see():
    sheet = read_any(b'a;b\n"due\nrighe";1\n\n;\nultima;2\n')
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(1, "a"), (2, "due\nrighe"), (6, "ultima")]


def test_an_unclosed_quotation_mark_is_an_error_with_its_row():
    problem = refused(b'nome;prezzo\nMele;1\n"Pere;2\nUva;3\n')
    assert (problem.code, problem.values["row"]) == ("unclosed_quote", 3)


def test_a_cell_of_200_kb_is_an_error_with_its_row():
    problem = refused(("nome;prezzo\nMele;1\n" + "x" * 200_000 + ";2\n").encode())
    assert (problem.code, problem.values["row"], problem.values["limit"]) == ("cell_too_long", 3, MAX_CELL)


def test_too_many_rows_stop_with_a_clear_count():
    problem = refused(b"nome;prezzo\n" + b"Mele;1\n" * 100_000)
    assert (problem.code, problem.values) == ("too_many_rows", {"count": 100_001, "limit": MAX_ROWS})


def test_empty_columns_do_not_count_and_filled_ones_do():
    assert cells(b"nome;prezzo" + b";" * 5000 + b"\nMele;1" + b";" * 5000) == [
        ("nome", "prezzo"),
        ("Mele", "1"),
    ]
    assert refused(b"x;" * 4999 + b"x").values["count"] == 5000


def test_two_columns_of_one_name_are_pointed_out():
    sheet = read_any(b"nome;prezzo;Prezzo\nMele;1;2\n")
    assert repeated_names(sheet, 0) == ("prezzo",)
    assert list(guess_columns(sheet, 0).values()).count("price") == 1


@pytest.mark.parametrize("content", [b"\x00\x01\x02\x03\x81\xff", b"\x81\x8d\x8f;a\n"])
def test_what_is_no_text_is_refused(content):
    assert refused(content).code == "no_text"


def test_the_names_of_the_columns_are_found_below_a_letterhead():
    sheet = read_any(
        b"Cascina Prova;;\nvia Roma 1;;\n;;\nDescrizione articolo;Prezzo al kg;U.M.\nMele;1;kg\n"
    )
    header = guess_header(sheet)
    assert sheet.rows[header].number == 4
    assert guess_columns(sheet, header) == {0: "title", 1: "price", 2: "unit"}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    try:
        read_any(content)
    except Unreadable:
        pass


def test_a_workbook_gives_numbers_that_are_read_one_way_only():
    assert cells(spreadsheet([["nome", "prezzo"], ["Mele", 1.125], ["Pere", 0.1 + 0.2], ["Uva", 1250], [None], ["Noci", 2]])) == [
        ("nome", "prezzo"), ("Mele", "1,125"), ("Pere", "0,3"), ("Uva", "1250"), ("Noci", "2"),
    ]  # fmt: skip
    assert [number_text(n) for n in (1e21, 1e-7, 2.5, 3)] == [
        "1000000000000000000000",
        "0,0000001",
        "2,5",
        "3",
    ]


def test_formulas_without_values_dates_and_merged_cells_are_reported():
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>nome</t></is></c><c r="B1"><f>1+1</f></c></row>'
    more = '<mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>'
    notes = {note.code: note.values for note in read_any(workbook_of(rows, more)).notes}
    assert notes["formula_without_value"] == {"count": 1, "cells": "B1"}
    assert notes["merged_cells"] == {"count": 1, "cells": "A3:B3"}
    sheet = read_any(spreadsheet([["nome", date(2026, 11, 20)]]))
    assert sheet.rows[0].cells == ("nome", "20/11/2026")
    assert sheet.notes[0].code == "dates"


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", b"x")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(b" " * 1_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    "make, code",
    [
        (bomb, "unpacks_too_large"),
        (lambda: workbook_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "cell_far_away"),
        (lambda: workbook_of('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "cell_far_away"),
        (lambda: workbook_of("".join(f'<row r="{n}"/>' for n in range(1, 1_000_001))), "too_many_rows"),
        (lambda: workbook_of("", extra={"xl/inside.zip": b"PK"}), "packed_twice"),
        (lambda: ods_of(ods_row("Mele", "1", repeated=1_000_000)), "too_many_rows"),
        (lambda: ods_of(ods_row("x"), head='<!DOCTYPE a [<!ENTITY b "c">]>'), "broken_file"),
        (lambda: workbook_of("<row"), "broken_file"),
    ],
    ids=[
        "bomb",
        "far cell",
        "far column",
        "a million rows",
        "zip in zip",
        "repeated rows",
        "entities",
        "broken",
    ],
)
def test_a_hostile_workbook_is_refused_without_taking_memory(make, code):
    content = make()
    tracemalloc.start()
    try:
        problem = refused(content)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert problem.code == code
    assert most < 100_000_000


def sheet_of(xml: bytes) -> bytes:
    return workbook_of("", extra={"xl/worksheets/sheet2.xml": xml, "padding": os.urandom(len(xml) // 100)})


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"],
)
@pytest.mark.parametrize("xml", [b"", b"<", b"\xff\xfe<"])
def test_a_workbook_with_a_broken_part_is_refused(part, xml):
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(spreadsheet([["nome"], ["Mele"]]))) as good,
        zipfile.ZipFile(file, "w") as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, xml if name == part else good.read(name))
    assert refused(file.getvalue()).code == "broken_file"


#: Each takes minutes or hours where a pattern tries the same characters again from every place.
SLOW = {
    "strings never closed": ('{"' + '\\"' * 400_000).encode(),
    "cells never closed": sheet_of(b"<c " * 300_000),
    "references never closed": sheet_of(b'<c r="A1" ' * 90_000),
    "blanks behind a formula": sheet_of(b'<c r="A1"><f/>' + b" " * 900_000),
    "document types never closed": b"<!DOCTYPE [" * 300_000,
    "cells of blanks": "\n".join(f"{n};1{' ' * 19_000}a" for n in range(100)).encode(),
}


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_nobody_chooses_how_long_a_file_is_looked_at(content):
    with suppress(Unreadable):
        guess_columns(read_any(content), None)


@pytest.mark.parametrize("line", ["Mele 2,50 €/kg" + " " * 900 + "1" + " " * 900 + "!", "a" + " – 1" * 3000])
def test_a_pasted_line_of_blanks_or_dashes_is_read_at_once(line):
    assert len(cells("\n".join([line] * 40).encode(), pasted=True)) == 40


@pytest.mark.parametrize(
    "read", [partial(price_and_unit, meaning=None), partial(quantity, meaning=None), months]
)
def test_pages_of_blanks_are_no_number(read):
    with pytest.raises(Refused, match="too_long"):
        read("1" + " " * 19_000 + "a")


def test_a_sheet_of_libreoffice_is_read_with_its_repetitions():
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    price = '<table:table-row><table:table-cell><text:p>Mele</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1.125"><text:p>1,13</text:p></table:table-cell></table:table-row>'
    sheet = read_any(ods_of(ods_row("nome", "prezzo") + price + ods_row("Pere", "2", repeated=2) + empty))
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (1, ("nome", "prezzo")), (2, ("Mele", "1,125")), (3, ("Pere", "2")), (4, ("Pere", "2")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line, found",
    [
        ("Mele renette … 2,50 €/kg", ("Mele renette", "2,50", "kg")),
        ("- Miele di acacia 500 g: € 7,00 al vasetto", ("Miele di acacia 500 g", "7,00", "vasetto")),
        ("Patate di montagna ..... 1.250 al kg", ("Patate di montagna", "1.250", "kg")),
        ("Vino rosso 5 €", ("Vino rosso", "5")),
        ("Arance tarocco kg 1,80", ("Arance tarocco", "1,80", "kg")),
        ("Mele, al kg € 2,00", ("Mele", "2,00", "kg")),
        ("Olio extravergine 1 l 9,50", ("Olio extravergine 1 l", "9,50")),
    ],
)
def test_a_line_of_a_mail_is_name_price_and_unit(line, found):
    assert cells(f"{line}\nAltro 1,00 €/kg".encode(), pasted=True)[1] == found


def test_a_table_copied_from_a_pdf_is_parted_by_its_gaps():
    assert cells("Prodotto    Prezzo   Unità\nMele renette    2,50   kg\n".encode(), pasted=True) == [
        ("Prodotto", "Prezzo", "Unità"), ("Mele renette", "2,50", "kg"),
    ]  # fmt: skip
