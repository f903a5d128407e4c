"""Write the icon sprite of the site: the icons that we use, out of Bootstrap Icons.

    python data/build/icons.py

Reads the sprite that Bootstrap-Flask bundles (Bootstrap Icons, MIT; 1.1 MB, all 2,000 icons) and writes
``marketplace/static/img/icons.svg`` with the few that are named

- in the ``icon`` column of ``data/categories.csv`` (and of ``data/criteria.csv``, where it has one),
- in :data:`INTERFACE`, what buttons, facts and kinds of organisation use.

Run it again whenever a category gets another icon; an unknown name is an error.
"""

import csv
import re
import sys
from pathlib import Path

import flask_bootstrap

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/icons/bootstrap-icons.svg"
TARGET = ROOT / "marketplace/static/img/icons.svg"
TABLES = ("categories.csv", "criteria.csv")
INTERFACE = (
    # what one does
    "search list x-lg check-lg plus-lg dash-lg pencil trash filter sliders printer download upload link-45deg "
    "box-arrow-up-right box-arrow-in-right box-arrow-right arrow-right arrow-left arrow-up arrow-down arrow-counterclockwise "
    "chevron-right chevron-left chevron-down chevron-up copy share eye eye-slash "
    # what one sees
    "geo-alt geo-alt-fill map crosshair translate person person-circle people people-fill house house-heart envelope "
    "telephone globe calendar3 calendar-check clock hourglass-split info-circle exclamation-triangle exclamation-circle "
    "check-circle x-circle question-circle lightbulb key shield-lock lock bell star file-earmark-text journal-text "
    "clipboard-check card-checklist patch-question tag tags box-seam cart3 basket basket2 basket3 truck currency-euro "
    "percent graph-up ticket-perforated chat-left-text megaphone hand-thumbs-up bookmark "
    # proofs
    "chat-quote pen eyeglasses people award journal-check file-earmark-check patch-check "
    # kinds of organisation
    "shop shop-window building bank bank2 mortarboard diagram-3 cup-hot buildings signpost-split "
    # months and places
    "sun snow flower1 flower2 flower3 tree tree-fill leaf pin-map pin-map-fill compass arrows-move"
).split()
SYMBOL = re.compile(r'<symbol\b[^>]*\bviewBox="(?P<box>[^"]+)"[^>]*\bid="(?P<id>[^"]+)"[^>]*>(?P<body>.*?)</symbol>', re.S)


def bundled() -> dict[str, str]:
    """Every bundled icon by name, as a bare ``<symbol>``."""
    return {
        m["id"]: f'<symbol id="{m["id"]}" viewBox="{m["box"]}">{m["body"].strip()}</symbol>'
        for m in SYMBOL.finditer(SOURCE.read_text("utf-8"))
    }


def named() -> dict[str, str]:
    """The names that we use, each with the place that names it."""
    names = dict.fromkeys(INTERFACE, "INTERFACE")
    for table in TABLES:
        path = ROOT / "data" / table
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("icon"):
                    names.setdefault(row["icon"].strip(), table)
    return names


def main() -> int:
    icons, names = bundled(), named()
    unknown = {name: place for name, place in names.items() if name not in icons}
    for name, place in unknown.items():
        print(f"{place}: Bootstrap Icons has no icon named {name!r}", file=sys.stderr)
    if unknown:
        return 1
    symbols = "\n".join(icons[name] for name in sorted(names))
    note = "<!-- Bootstrap Icons, MIT licence, the Bootstrap Authors; a subset made by data/build/icons.py -->"
    TARGET.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{note}\n{symbols}\n</svg>\n', "utf-8")
    print(f"{len(names)} icons, {TARGET.stat().st_size // 1024} kB: {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
