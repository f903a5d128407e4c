"""What the repository promises to somebody who has only just cloned it."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from marketplace.config import SETTINGS
from tests.test_architecture import ROOMS, imports_of, modules_of

ROOT = Path(__file__).resolve().parents[1]

#: Folders of people's and build machines, which exist on no other machine; where we tell people to install is no such.
MACHINE_PATH = re.compile(r"(?<![\w.$}>/-])/(?:home|root|Users|work|opt(?!/incontro\b)|mnt|private)/[\w.-]+")
#: Needed to run though no module of ours imports them by name.
USED_WITHOUT_IMPORT = {
    "argon2-cffi": "Flask-Security hashes passwords with it",
    "email-validator": "Flask-Security and WTForms check addresses with it",
    "gunicorn": "started as a program",
    "psycopg": "the driver that SQLAlchemy loads for DATABASE_URL",
    "pytest-xdist": "a plug-in of pytest",
    "ruff": "started as a program",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
#: Part of a declared library's own interface: whoever has the one has the other.
COMES_WITH = {
    "alembic": "flask-alembic",
    "babel": "flask-babel",
    "click": "flask",
    "flask-login": "flask-security",
    "itsdangerous": "flask",
    "jinja2": "flask",
    "markupsafe": "flask",
    "werkzeug": "flask",
}


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def read(name: str) -> str:
    return (ROOT / name).read_text()


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*##", read("Makefile"), re.MULTILINE))


def test_no_file_names_a_folder_of_some_machine():
    found = []
    for path in tracked_files():
        if "vendor" in path.parts or path.name == Path(__file__).name:
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group(0)}" for match in MACHINE_PATH.finditer(text)]
    assert found == []


def test_the_readme_names_every_make_target_and_no_other():
    named = {
        target
        for block, inline in re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", read("README.md"), re.DOTALL)
        for target in re.findall(r"\bmake ([a-z]+)", block + inline)
    }
    assert named == make_targets()


def test_every_link_of_a_document_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_setting_is_documented():
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", read("docs/configuration.md")))
    assert set(SETTINGS) - documented == set()


def test_the_licence_is_whole():
    text = read("LICENSE")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE\n                       Version 3, ")
    assert len(text.splitlines()) == 661


def test_the_changelog_says_what_is_unreleased_first():
    headings = re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)
    assert headings
    assert headings[0] == "Unreleased" or re.fullmatch(r"\d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\)", headings[0])


def test_publiccode_has_what_reuse_by_public_bodies_requires():
    publiccode = yaml.safe_load(read("publiccode.yml"))
    required = {
        *("publiccodeYmlVersion", "name", "url", "platforms", "softwareType", "developmentStatus"),
        *("description", "legal", "maintenance", "localisation"),
    }
    assert required - set(publiccode) == set()
    assert publiccode["legal"]["license"] == "AGPL-3.0-or-later"
    assert publiccode["maintenance"]["contacts"][0]["name"]
    for language in ("it", "en"):
        description = publiccode["description"][language]
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]
        assert language in publiccode["localisation"]["availableLanguages"]


def test_publiccode_and_the_package_agree_on_the_version():
    version = re.search(r"^version = (.+)$", read("setup.cfg"), re.MULTILINE).group(1)
    assert yaml.safe_load(read("publiccode.yml"))["softwareVersion"] == version


def declared(section: str) -> set[str]:
    """The distributions that setup.cfg names under an option, such as ``install_requires`` or ``test``."""
    block = re.search(rf"^{section} =\n((?:    .+\n)+)", read("setup.cfg"), re.MULTILINE).group(1)
    return {canonicalize_name(Requirement(line.strip()).name) for line in block.splitlines()}


def imported(paths: list[Path]) -> set[str]:
    """The distributions that the modules import, ours and Python's own left out."""
    tops = {i.top for path in paths for i in imports_of(path)} - sys.stdlib_module_names
    tops -= {*ROOMS, "tests", "wsgi", "__future__"}
    known = packages_distributions()
    return {canonicalize_name(name) for top in tops for name in known.get(top, [top])}


@pytest.mark.parametrize(
    "sections, rooms", [(["install_requires"], ROOMS), (["test"], ["tests"])], ids=["run time", "tests"]
)
def test_what_is_declared_is_imported(sections, rooms):
    used = imported([path for room in rooms for path in modules_of(room)])
    unused = set().union(*map(declared, sections)) - used - set(USED_WITHOUT_IMPORT)
    assert unused == set()


def test_what_is_imported_is_declared():
    """A library that only comes along with another one may go with that one's next version."""
    at_run_time = imported([path for room in ROOMS for path in modules_of(room)])
    allowed = set().union(*map(declared, ("install_requires", "postgres", "bench")))
    assert at_run_time - allowed - set(COMES_WITH) == set()


def test_every_dependency_is_pinned():
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in read("constraints.txt").splitlines()
        if "==" in line
    }
    wanted = set().union(*map(declared, ("install_requires", "postgres", "test", "lint")))
    assert wanted - pinned == set()


def test_constraints_are_pins_only():
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+(?: ; .+)?", line)] == []
