"""A whole folder, read and judged in one pass. Touches no database."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from marketplace.district.dataset import layout
from marketplace.district.dataset.areas import read_area
from marketplace.district.dataset.cells import Cells
from marketplace.district.dataset.claims import read_claim
from marketplace.district.dataset.cross_checks import cross_check
from marketplace.district.dataset.demands import read_demand, read_lot
from marketplace.district.dataset.layout import LAYOUTS, Layout
from marketplace.district.dataset.offers import read_offer
from marketplace.district.dataset.organisations import read_organisation
from marketplace.district.dataset.people import read_person
from marketplace.district.dataset.problems import WHOLE_FILE, Problem
from marketplace.district.dataset.reading import Table, read_table
from marketplace.district.dataset.reference import Reference
from marketplace.district.dataset.rows import Dataset
from marketplace.district.dataset.tables import Tables


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read, and what is wrong with it, in the order of the files and lines. Loadable only without problems."""

    dataset: Dataset
    problems: list[Problem]


def check_dataset(folder: Path, reference: Reference) -> Checked:
    """Read every file of the folder and name every problem of every row; raises nothing for what files hold."""
    problems: list[Problem] = []
    if not folder.is_dir():
        return Checked(Dataset(), [Problem(str(folder), WHOLE_FILE, "", "there is no such folder")])
    _refuse_strangers(folder, problems)
    raw = {one.file: _read(folder, one, problems) for one in LAYOUTS}

    def read(one: Layout, reader: Callable[[Cells], object]) -> list:
        rows = (reader(Cells(one.file, row, problems)) for row in raw[one.file].rows)
        return [row for row in rows if row is not None]

    tables = Tables(
        organisations=read(layout.ORGANISATIONS, partial(read_organisation, reference=reference)),
        areas=read(
            layout.AREAS,
            partial(read_area, reference=reference, folder=folder, provinces=reference.provinces),
        ),
        offers=read(layout.OFFERS, partial(read_offer, reference=reference)),
        claims=read(layout.CLAIMS, partial(read_claim, reference=reference)),
        people=read(layout.PEOPLE, read_person),
        demands=read(layout.DEMANDS, partial(read_demand, reference=reference)),
        lots=read(layout.LOTS, partial(read_lot, reference=reference)),
        raw=raw,
    )
    dataset = cross_check(tables, reference, problems)
    order = {one.file: position for position, one in enumerate(LAYOUTS)}
    problems.sort(key=lambda problem: (order.get(problem.file, -1), problem.line, problem.column))
    return Checked(dataset, problems)


def _read(folder: Path, one: Layout, problems: list[Problem]) -> Table:
    path = folder / one.file
    if path.exists():
        return read_table(path, one, problems)
    if one is layout.ORGANISATIONS:
        problems.append(Problem(one.file, WHOLE_FILE, "", "the file is missing; a dataset begins with it"))
        return Table([], whole=False)
    return Table([], whole=True)


def _refuse_strangers(folder: Path, problems: list[Problem]) -> None:
    """A misspelt file name would otherwise be a silent loss."""
    known = {one.file for one in LAYOUTS}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            reason = f"not a file of a dataset, which are {', '.join(sorted(known))}"
            problems.append(Problem(path.name, WHOLE_FILE, "", reason))
