"""Small datasets, written by the test that judges them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace.district.dataset import Checked, Reference, check_dataset

#: One good organisation, for the files that refer to it.
ORGANISATIONS = "key,name,kinds,place\ncascina,Cascina di prova,producer,Clusone\n"


@pytest.fixture(scope="session")
def reference() -> Reference:
    return Reference.of_this_installation()


@pytest.fixture
def folder(tmp_path) -> Callable[..., Path]:
    """Writes files, by name without ``.csv``; ``organisations`` is there unless given (``None``: left out)."""

    def write(**files: str | bytes | None) -> Path:
        for name, content in ({"organisations": ORGANISATIONS} | files).items():
            if content is not None:
                raw = content if isinstance(content, bytes) else content.encode()
                (tmp_path / f"{name}.csv").write_bytes(raw)
        return tmp_path

    return write


@pytest.fixture
def check(folder, reference) -> Callable[..., Checked]:
    """Writes files and judges them."""
    return lambda **files: check_dataset(folder(**files), reference)


def problems(checked: Checked) -> list[tuple[str, int, str]]:
    """File, line and column of every problem."""
    return [(problem.file, problem.line, problem.column) for problem in checked.problems]
