"""Dated rows of law: which one holds on a day."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.reference.law import LawError, LawTable, NotInForce

HEADER = "key,value,unit,from,to,label_it,label_en,source,verified\n"


def table(tmp_path, *rows):
    path = tmp_path / "law.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return LawTable.load(path)


def test_the_row_of_the_day_is_found_with_both_ends_included(tmp_path):
    law = table(
        tmp_path,
        "threshold,221000,EUR,2024-01-01,2025-12-31,s,t,law,",
        "threshold,216000,EUR,2026-01-01,2027-12-31,s,t,law,2026-11-21",
    )
    assert law.value_on("threshold", date(2024, 1, 1)) == 221_000
    assert law.value_on("threshold", date(2025, 12, 31)) == 221_000
    assert law.value_on("threshold", date(2026, 1, 1)) == Decimal(216_000)
    assert law.row_on("threshold", date(2026, 6, 1)).verified == date(2026, 11, 21)


def test_outside_the_known_days_nothing_is_guessed(tmp_path):
    law = table(tmp_path, "threshold,216000,EUR,2026-01-01,2027-12-31,s,t,law,")
    assert not law.in_force("threshold", date(2028, 1, 1))
    with pytest.raises(NotInForce):
        law.value_on("threshold", date(2028, 1, 1))
    with pytest.raises(NotInForce):
        law.value_on("threshold", date(2025, 12, 31))


def test_an_open_end_has_no_limit(tmp_path):
    law = table(tmp_path, "rate,4,percent,,,s,t,law,")
    assert law.value_on("rate", date(1, 1, 1)) == law.value_on("rate", date(9999, 12, 31)) == 4


def test_an_unknown_key_is_an_error(tmp_path):
    law = table(tmp_path, "rate,4,percent,,,s,t,law,")
    assert "rate" in law
    assert "other" not in law
    with pytest.raises(KeyError):
        law.value_on("other", date(2026, 1, 1))


def test_a_rule_is_in_force_but_has_no_value(tmp_path):
    law = table(tmp_path, "words,,rule,2023-11-14,,s,t,law,")
    assert law.in_force("words", date(2023, 11, 14))
    assert not law.in_force("words", date(2023, 11, 13))
    with pytest.raises(NotInForce):
        law.value_on("words", date(2024, 1, 1))


def test_rows_of_the_day_are_chosen_by_prefix(tmp_path):
    law = table(
        tmp_path,
        "vat_low,4,percent,,,s,t,law,",
        "vat_old,21,percent,,2013-09-30,s,t,law,",
        "km,70,km,,,s,t,l,",
    )
    assert [row.key for row in law.rows_on(date(2026, 1, 1), "vat_")] == ["vat_low"]


@pytest.mark.parametrize(
    "rows, complaint",
    [
        (["a,1,EUR,,2025-12-31,s,t,law,", "a,2,EUR,2025-12-31,,s,t,law,"], "same day"),
        (["a,1,EUR,,,s,t,law,", "a,2,EUR,2025-12-31,,s,t,law,"], "same day"),
        (["a,1,miles,,,s,t,law,"], "unit"),
        (["a,,EUR,,,s,t,law,"], "no value"),
        (["a,1,rule,,,s,t,law,"], "no value"),
        (["a,many,EUR,,,s,t,law,"], "a: "),
        (["a,1,EUR,yesterday,,s,t,law,"], "a: "),
        (["a,1,EUR,2026-01-02,2026-01-01,s,t,law,"], "ends before"),
        (["a,1,EUR,,,s,t,,"], "source"),
    ],
)
def test_a_broken_table_is_refused(tmp_path, rows, complaint):
    with pytest.raises(LawError, match=complaint):
        table(tmp_path, *rows)
