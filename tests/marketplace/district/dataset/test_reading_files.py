"""Encodings, separators, headers and limits: read, or refused with the line; nothing is merged or lost in silence."""

import csv

import pytest

from marketplace.district.dataset import layout
from tests.marketplace.district.dataset.conftest import ORGANISATIONS, problems


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_may_be_separated_by_commas_semicolons_or_tabs(check, separator):
    checked = check(organisations=ORGANISATIONS.replace(",", separator))
    assert checked.problems == []
    assert [row.name for row in checked.dataset.organisations] == ["Cascina di prova"]


def test_a_byte_order_mark_does_not_count(check):
    assert check(organisations=b"\xef\xbb\xbf" + ORGANISATIONS.encode()).problems == []


def test_windows_1252_is_refused_where_it_shows(check):
    text = "key,name,kinds,place\na,Prima,producer,Clusone\nb,Cascina Perché,producer,Clusone\n"
    checked = check(organisations=text.encode("cp1252"))
    assert problems(checked) == [("organisations.csv", 3, "")]
    assert "UTF-8" in checked.problems[0].reason


def test_utf_16_is_refused_by_name(check):
    checked = check(organisations=ORGANISATIONS.encode("utf-16"))
    assert "UTF-16" in checked.problems[0].reason


def test_an_unclosed_quote_is_refused_at_its_line_and_merges_nothing(check):
    checked = check(organisations=ORGANISATIONS + 'b,"Aperta,producer,Clusone\nc,Terza,producer,Clusone\n')
    assert problems(checked) == [("organisations.csv", 3, "")]
    assert [row.key for row in checked.dataset.organisations] == ["cascina"]


def test_a_cell_of_200_kb_is_refused_at_its_line(check):
    checked = check(organisations=ORGANISATIONS + f"b,{'x' * 200_000},producer,Clusone\n")
    assert problems(checked) == [("organisations.csv", 3, "")]
    assert "longer than" in checked.problems[0].reason


def test_a_long_cell_is_refused_also_where_others_let_csv_read_longer_ones(check):
    limit = csv.field_size_limit(1 << 20)
    try:
        checked = check(organisations=ORGANISATIONS + f"b,{'x' * 200_000},producer,Clusone\n")
    finally:
        csv.field_size_limit(limit)
    assert problems(checked) == [("organisations.csv", 3, "")]
    assert "longer than" in checked.problems[0].reason


def test_a_cell_may_hold_line_breaks_and_the_lines_after_it_are_counted_right(check):
    text = (
        'key,name,kinds,place,description\na,Prima,producer,Clusone,"una\ndue\ntre"\nb,,producer,Clusone,\n'
    )
    checked = check(organisations=text)
    assert problems(checked) == [("organisations.csv", 5, "name")]
    assert checked.dataset.organisations[0].description == "una\ndue\ntre"


def test_a_row_with_too_many_or_too_few_cells_is_refused(check):
    checked = check(organisations=ORGANISATIONS + "b,Seconda,producer,Clusone,di troppo\nc,Terza,producer\n")
    assert problems(checked) == [("organisations.csv", 3, ""), ("organisations.csv", 4, "")]


def test_empty_rows_are_skipped(check):
    assert check(organisations=ORGANISATIONS + ",,,\n\n").problems == []


def test_a_control_character_is_refused(check):
    checked = check(organisations=ORGANISATIONS + "b,Nul\x00lo,producer,Clusone\n")
    assert problems(checked) == [("organisations.csv", 3, "name")]


def test_repeated_and_unknown_columns_are_all_named_with_the_nearest_spelling(check):
    checked = check(organisations="key,name,name,kinds,plaace\n")
    reasons = {problem.column: problem.reason for problem in checked.problems}
    assert set(reasons) == {"name", "plaace", "place"}
    assert "place" in reasons["plaace"]


def test_five_thousand_columns_are_refused_with_their_count(check):
    checked = check(organisations=",".join(["key"] * 5_000) + "\n")
    assert [problem.line for problem in checked.problems] == [1]
    assert "5000" in checked.problems[0].reason


def test_rows_beyond_the_limit_are_refused_with_a_clear_count(check, monkeypatch):
    monkeypatch.setattr("marketplace.district.dataset.reading.MAX_ROWS", 3)
    rows = "".join(f"k{number},Nome,producer,Clusone\n" for number in range(5))
    checked = check(organisations="key,name,kinds,place\n" + rows)
    assert problems(checked) == [("organisations.csv", 5, "")]
    assert "more than 3 rows" in checked.problems[0].reason


def test_a_hundred_thousand_and_one_rows_stop_at_the_limit(check):
    rows = "x,gruppo,BG\n" * (layout.MAX_ROWS + 1)
    checked = check(areas="organisation,kind,province\n" + rows)
    assert ("areas.csv", layout.MAX_ROWS + 2, "") in problems(checked)


def test_a_file_larger_than_the_limit_is_not_read(check, monkeypatch):
    monkeypatch.setattr("marketplace.district.dataset.reading.MAX_BYTES", 10)
    assert "larger than" in check().problems[0].reason


def test_an_empty_file_is_refused(check):
    assert problems(check(organisations="")) == [("organisations.csv", 1, "")]


def test_a_dataset_begins_with_its_organisations(check):
    assert problems(check(organisations=None)) == [("organisations.csv", 0, "")]


def test_a_misspelt_file_name_is_not_ignored(check):
    assert problems(check(ofers="key\n")) == [("ofers.csv", 0, "")]


def test_a_folder_that_is_not_there_is_said(tmp_path, reference):
    from marketplace.district.dataset import check_dataset

    assert "no such folder" in check_dataset(tmp_path / "nowhere", reference).problems[0].reason
