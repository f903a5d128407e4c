"""Write the icon sprites of the site: the icons that we use, out of Bootstrap Icons.

    python data/build/icons.py

Reads the sprite that Bootstrap-Flask bundles (Bootstrap Icons, MIT; 1.1 MB, all 2,000 icons) and writes
``marketplace/static/img/icons.svg`` with the few that are named

- in the ``icon`` column of ``data/categories.csv``,
- in templates, scripts and code, as a quoted word.

Those of templates and scripts are written once more into ``interface_icons.svg``, a quarter of the size: most pages show
no other, and need not wait for the pictures of 270 categories.

Run it again whenever an icon is used for the first time; an unknown name is an error.
"""

import csv
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import flask_bootstrap

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/icons/bootstrap-icons.svg"
TARGET = ROOT / "marketplace/static/img/icons.svg"
INTERFACE = TARGET.with_name("interface_icons.svg")
CATEGORIES = ROOT / "data/categories.csv"
#: Where icons are named outside of the tables: as a whole quoted word.
TEXTS = (("templates", "*.html"), ("marketplace/static/js", "*.js"), ("marketplace", "*.py"))
QUOTED = re.compile(r"""(['"])([a-z0-9-]+)\1""")
#: An icon that is certainly meant, so that a name that does not exist is an error.
MEANT = re.compile(r"""\b(?:icon|icon_tile)\(['"]([a-z0-9-]+)['"]""")
SYMBOL = re.compile(
    r'<symbol\b[^>]*\bviewBox="(?P<box>[^"]+)"[^>]*\bid="(?P<id>[^"]+)"[^>]*>(?P<body>.*?)</symbol>', re.S
)


def bundled() -> dict[str, str]:
    """Every bundled icon by name, as a bare ``<symbol>``."""
    return {
        m["id"]: f'<symbol id="{m["id"]}" viewBox="{m["box"]}">{m["body"].strip()}</symbol>'
        for m in SYMBOL.finditer(SOURCE.read_text("utf-8"))
    }


def texts() -> Iterator[tuple[str, str]]:
    """Templates, scripts and code: name and text."""
    for folder, pattern in TEXTS:
        for path in sorted((ROOT / folder).rglob(pattern)):
            yield path.name, path.read_text("utf-8")


def meant() -> dict[str, str]:
    """The names that are certainly icons, each with the file that names it."""
    names = {name: file for file, text in texts() for name in MEANT.findall(text)}
    with CATEGORIES.open(encoding="utf-8", newline="") as table:
        names |= {row["icon"]: CATEGORIES.name for row in csv.DictReader(table)}
    return names


def perhaps_meant(icons: Collection[str], *, but: str = "\0") -> set[str]:
    """Quoted words that are names of icons: those given in a variable are among them. Not of files that end in ``but``."""
    return {
        word
        for file, text in texts()
        if not file.endswith(but)
        for _, word in QUOTED.findall(text)
        if word in icons
    }


def write(target: Path, icons: Mapping[str, str], names: Collection[str]) -> None:
    symbols = "\n".join(icons[name] for name in sorted(names))
    note = (
        "<!-- Bootstrap Icons, MIT licence, the Bootstrap Authors; a subset made by data/build/icons.py -->"
    )
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{note}\n{symbols}\n</svg>\n', "utf-8")
    print(f"{len(names)} icons, {target.stat().st_size // 1024} kB: {target.relative_to(ROOT)}")


def main() -> int:
    icons = bundled()
    unknown = {name: place for name, place in meant().items() if name not in icons}
    for name, place in unknown.items():
        print(f"{place}: Bootstrap Icons has no icon named {name!r}", file=sys.stderr)
    if unknown:
        return 1
    write(TARGET, icons, meant().keys() | perhaps_meant(icons))
    write(INTERFACE, icons, perhaps_meant(icons, but=".py"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
