"""The arrows between the rooms of the house (docs/architecture.md), and the habits that a machine can check."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("geo", "search", "marketplace")
#: What each room may import beside the standard library and itself.
GEO_MAY_IMPORT = {"numpy", "shapely", "geopy"}
SEARCH_MAY_IMPORT = {"geo", "numpy", "scipy", "shapely"}
#: The folders of search that may know one library more than the rest of it.
SEARCH_FOLDERS_MAY_IMPORT = {"search.embedded": {"whoosh"}, "search.postgres": {"sqlalchemy", "psycopg"}}
#: Modules of marketplace that stand above the features, and may know every part of them.
COMPOSITION_ROOT = "marketplace"
#: What a feature keeps to itself.
PRIVATE_TO_A_FEATURE = {"views", "forms"}
#: Flask's names that only views may know: what an operation or a query needs of them is passed in.
OF_THE_REQUEST = {"request", "session", "flash", "redirect", "render_template", "abort"}
CLOCKS_AND_DICE = re.compile(r"\b(?:datetime\.now|utcnow|date\.today|time\.time|random\.\w+|uuid[14])$")
MAX_LINES = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}
# Searched in the whole text, not tag by tag: a tag with a condition inside has a ">" that does not end it.
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>", re.IGNORECASE)
INLINE_HANDLER = re.compile(
    r"\son(?:click|change|input|submit|load|error|focus|blur|toggle|key\w+|mouse\w+|touch\w+|pointer\w+)\s*=",
    re.IGNORECASE,
)
INLINE_STYLE = re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: ``names`` holds the module, and the module's dotted name with the name appended."""

    module: str
    name: str | None
    line: int

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    @property
    def dotted(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


def modules_of(room: str) -> list[Path]:
    return sorted(path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def dotted_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    """Every import of the module, wherever in it, as absolute names."""
    return tuple(_imports(ast.parse(path.read_text()), path))


def _imports(tree: ast.Module, path: Path) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                package = path.relative_to(ROOT).parent.parts[: 1 - node.level or None]
                module = ".".join((*package, *filter(None, [module])))
            for alias in node.names:
                yield Import(module, alias.name, node.lineno)


def is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def strangers(path: Path, allowed: set[str]) -> list[str]:
    known = sys.stdlib_module_names | allowed | {dotted_name(path).partition(".")[0]}
    return [
        f"{path.relative_to(ROOT)}:{i.line} imports {i.module}"
        for i in imports_of(path)
        if i.top not in known
    ]


def test_geo_imports_nothing_of_ours():
    assert [line for path in modules_of("geo") for line in strangers(path, GEO_MAY_IMPORT)] == []


def test_search_imports_only_geo_and_its_libraries():
    found = []
    for path in modules_of("search"):
        allowed = set(SEARCH_MAY_IMPORT)
        for folder, libraries in SEARCH_FOLDERS_MAY_IMPORT.items():
            if is_of(dotted_name(path), folder):
                allowed |= libraries
        found += strangers(path, allowed)
    assert found == []


def test_whoosh_is_known_to_one_folder():
    knowing = {
        dotted_name(p) for room in ROOMS for p in modules_of(room) for i in imports_of(p) if i.top == "whoosh"
    }
    assert {name for name in knowing if not is_of(name, "search.embedded")} == set()


def test_search_does_not_know_how_an_engine_is_made():
    """The rest of search names no engine: the composition root in marketplace chooses one."""
    found = [
        f"{path.relative_to(ROOT)}:{i.line} imports {i.dotted}"
        for path in modules_of("search")
        for i in imports_of(path)
        for folder in SEARCH_FOLDERS_MAY_IMPORT
        if is_of(i.dotted, folder) and not is_of(dotted_name(path), folder)
    ]
    assert found == []


def test_nothing_imports_the_application_but_its_entrances_and_the_tests():
    entrances = {ROOT / "wsgi.py", ROOT / "gunicorn.conf.py"}
    others = {*ROOT.glob("*.py"), *modules_of("geo"), *modules_of("search")} - entrances
    assert [path for path in others for i in imports_of(path) if i.top == "marketplace"] == []


def features() -> list[str]:
    return sorted(path.parent.name for path in (ROOT / "marketplace").glob("*/__init__.py"))


def feature_of(dotted: str) -> str | None:
    """ "catalogue" for "marketplace.catalogue.models"; None for what stands above the features."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "marketplace" and parts[1] in features() else None


def test_features_keep_their_views_and_forms_to_themselves():
    found = []
    for path in modules_of("marketplace"):
        here = feature_of(dotted_name(path))
        if here is None:
            continue
        for i in imports_of(path):
            there = feature_of(i.dotted)
            if there not in (None, here) and PRIVATE_TO_A_FEATURE & set(i.dotted.split(".")[2:4]):
                found.append(f"{path.relative_to(ROOT)}:{i.line} imports {i.dotted}")
    assert found == []


def test_only_views_and_forms_know_the_request():
    """Operations, queries and models are called by commands, the worker and tests, where there is none."""
    found = [
        f"{path.relative_to(ROOT)}:{i.line} imports {i.dotted}"
        for path in modules_of("marketplace")
        if path.stem in {"operations", "queries", "models"} or path.parent.name in {"operations", "queries"}
        for i in imports_of(path)
        if i.top in {"flask", "werkzeug", "wtforms", "flask_wtf"}
        and (i.name in OF_THE_REQUEST or i.top != "flask")
    ]
    assert found == []


def test_decisions_read_no_clock_and_draw_no_lots():
    """``now``, randomness and ids are inputs, or an answer could not be given again."""
    deciding = [*modules_of("geo"), *modules_of("search")]
    deciding += [
        path for path in modules_of("marketplace") if path.stem in {"operations", "queries", "lifecycle"}
    ]
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} calls {ast.unparse(node.func)}"
        for path in deciding
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and CLOCKS_AND_DICE.search(ast.unparse(node.func))
    ]
    assert found == []


def test_one_feature_does_not_import_another_by_way_of_its_package():
    """A feature's ``__init__`` stays empty of imports: otherwise one cannot be loaded without the others."""
    found = [
        f"{path.relative_to(ROOT)}:{i.line} imports {i.dotted}"
        for name in features()
        for path in [ROOT / "marketplace" / name / "__init__.py"]
        for i in imports_of(path)
        if i.top == "marketplace" and feature_of(i.dotted) != name
    ]
    assert found == []


@pytest.mark.parametrize("room", [*ROOMS, "tests"])
def test_a_module_stays_small_enough_to_read(room):
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules_of(room)}
    assert {path: lines for path, lines in sizes.items() if lines > MAX_LINES} == {}


def test_no_module_is_a_drawer():
    found = [
        str(path.relative_to(ROOT))
        for room in (*ROOMS, "tests", "templates")
        for path in (ROOT / room).rglob("*")
        if DRAWERS & {path.stem.strip("_"), path.name.strip("_")}
    ]
    assert found == []


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize(
    "breach", [INLINE_SCRIPT, INLINE_HANDLER, INLINE_STYLE], ids=["script", "handler", "style"]
)
def test_pages_hold_nothing_that_the_security_policy_would_block(breach):
    # mail is read in mail programs, which know no style sheet but the attribute
    pages = [path for path in templates() if "emails" not in path.parts]
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in pages
        for match in breach.finditer(path.read_text())
    ]
    assert found == []


def test_no_page_turns_escaping_off():
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\|\s*safe\b|autoescape\s+false", line)
    ]
    assert found == []


def test_every_test_folder_is_a_package():
    """Without it tests/search would shadow the room search."""
    found = [
        str(folder.relative_to(ROOT))
        for folder in {path.parent for path in (ROOT / "tests").rglob("*.py")}
        if not (folder / "__init__.py").exists()
    ]
    assert found == []
