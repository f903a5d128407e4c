"""The district's Carta dei Principi: which text is in force, and where it is read.

The text belongs to the district and comes from its administrator (``CHARTER_VERSION``, ``CHARTER_URL``, or the file
``charter.md`` in the instance folder). Where none is named, nobody is asked to accept one.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

MAX_VERSION = 20
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Charter:
    """``text`` is Markdown, empty where the charter is read at ``url``."""

    version: str
    url: str
    text: str


def charter_in_force() -> Charter | None:
    version = current_app.config["CHARTER_VERSION"][:MAX_VERSION]
    if not version:
        return None
    return Charter(version, current_app.config["CHARTER_URL"], _text())


def _text() -> str:
    try:
        return (Path(current_app.instance_path) / "charter.md").read_text(encoding="utf-8")[:MAX_TEXT]
    except (OSError, UnicodeDecodeError):
        return ""
