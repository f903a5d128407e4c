"""What ``make demo`` installs is enough for every command: what only tests, PostgreSQL and the bench want is not imported."""

import subprocess
import sys
from configparser import ConfigParser
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
#: Without these modules: every command is looked up, and the worker's and the web server's own modules are imported.
ALONE = """
import sys
for name in sys.argv[2:]:
    sys.modules[name] = None
import click
from marketplace import create_app
app = create_app({"INSTANCE": sys.argv[1], "DATABASE_URL": f"sqlite:///{sys.argv[1]}/incontro.db"})
for name in app.cli.list_commands(click.Context(app.cli)):
    app.cli.get_command(click.Context(app.cli), name)
from marketplace import worker
"""


def names_of(section: str, option: str) -> set[str]:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lines = setup[section][option].splitlines()
    return {canonicalize_name(Requirement(line).name) for line in lines if line.strip()}


def with_what_they_need(names: set[str]) -> set[str]:
    """These distributions and all that they bring along."""
    found, waiting = set(), set(names)
    while waiting:
        found.add(name := waiting.pop())
        try:
            needs = map(Requirement, requires(name) or ())
        except PackageNotFoundError:
            continue
        wanted = {
            canonicalize_name(each.name)
            for each in needs
            if not each.marker or each.marker.evaluate({"extra": ""})
        }
        waiting |= wanted - found
    return found


def test_every_command_is_there_without_what_only_extras_install(tmp_path):
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    extras = set().union(
        *(names_of("options.extras_require", extra) for extra in setup["options.extras_require"])
    )
    only_extras = extras - with_what_they_need(names_of("options", "install_requires"))
    modules = [
        module
        for module, distributions in packages_distributions().items()
        if only_extras & set(map(canonicalize_name, distributions)) and not module.startswith("_")
    ]
    assert {"psycopg", "pytest"} <= set(modules)
    subprocess.run([sys.executable, "-c", ALONE, str(tmp_path), *modules], cwd=ROOT, check=True)
