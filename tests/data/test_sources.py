"""``data/SOURCES.md`` names every list of ``data/`` and counts its rows."""

import csv
import re

import pytest

from tests.data import DATA

FILES = sorted(path.name for path in DATA.glob("*.csv"))
COUNTED = dict(
    re.findall(
        r"^\| `([^`/]+\.csv)` \| ([0-9,]+) \|", (DATA / "SOURCES.md").read_text(encoding="utf-8"), re.M
    )
)


@pytest.mark.parametrize("name", FILES)
def test_every_list_is_named_with_the_number_of_its_rows(name):
    with open(DATA / name, encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    assert COUNTED.get(name) == f"{rows:,}"
