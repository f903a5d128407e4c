"""Blanks that OpenDocument writes as elements are read as they were meant."""

from marketplace.price_lists.sheets.ods import MAX_BLANKS, read_ods
from tests.marketplace.price_lists.files_made import ods_of, ods_row


def test_blanks_tabs_and_breaks_are_part_of_the_text():
    text = "Pane<text:s/><text:s text:c='2'/>nero<text:tab/>1&#160;kg<text:line-break/>a pezzi"
    [row] = read_ods(ods_of(ods_row(text))).rows
    assert row.cells == ("Pane   nero\t1\u00a0kg\na pezzi",)


def test_a_count_of_blanks_fills_no_memory():
    [row] = read_ods(ods_of(ods_row("a<text:s text:c='99999999'/>b"))).rows
    assert len(row.cells[0]) <= MAX_BLANKS + 2
