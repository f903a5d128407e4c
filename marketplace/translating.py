"""The Italian catalogue: gathered from code and templates, compiled when it is older than its text.

Message ids are English. ``flask translations update`` puts the new ones into ``it/LC_MESSAGES/messages.po``, takes out
those that nothing says any more, and tells what has no Italian sentence yet: whoever wrote the page writes it there. The
compiled catalogue is not kept under version control: every start makes it where it is missing or old.
"""

import os
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask.cli import AppGroup

from marketplace.config import ROOT

FOLDER = ROOT / "marketplace" / "translations"
ITALIAN = FOLDER / "it" / "LC_MESSAGES" / "messages.po"
#: What marks a message: flask_babel's functions under the names that we import them by.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

_HEADER = "# Italian of the interface of Incontro, put together by: flask --app wsgi translations update"
#: Lines of the head that would differ at every run, or name nobody.
_CHANGING_OR_EMPTY = tuple(
    f'"{name}'.encode()
    for name in (
        "POT-Creation-Date", "PO-Revision-Date", "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team",
        "Project-Id-Version", "Generated-By",
    )
)  # fmt: skip

translations = AppGroup("translations", help="Keep the catalogue of the interface.")


@translations.command("update")
def update() -> None:
    """Gather messages from code and templates; say what is not translated."""
    catalogue = gather()
    write_atomically(ITALIAN, written(catalogue))
    ensure_compiled()
    for message in untranslated(catalogue):
        click.echo(f"not translated: {message.id!r}")
    click.echo(f"{len(catalogue)} messages, {len(untranslated(catalogue))} not translated.")


@translations.command("compile")
def compile_() -> None:
    """Compile the catalogues that are older than their text."""
    ensure_compiled()


def extract() -> Catalog:
    """Every message of code and templates, without translation."""
    found = Catalog(locale="it", header_comment=_HEADER, fuzzy=False)
    with open(FOLDER / "babel.cfg", encoding="utf-8") as settings:
        methods, options = parse_mapping_cfg(settings)
    for file, line, message, comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=(), directory_filter=_is_ours
    ):
        found.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return found


def gather() -> Catalog:
    """The Italian catalogue as it ought to be: all messages, with the sentences kept so far."""
    catalogue, kept = extract(), read(ITALIAN)
    for message in catalogue:
        if message.id and (same := kept.get(message.id, message.context)) and _complete(same):
            message.string = same.string
            message.flags.discard("fuzzy")
    return catalogue


def untranslated(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and not _complete(message)]


def read(path: Path) -> Catalog:
    with open(path, "rb") as file:
        return read_po(file, locale="it")


def written(catalogue: Catalog) -> bytes:
    """The text of the file, the same for the same messages wherever and whenever it is made."""
    target = BytesIO()
    write_po(target, catalogue, width=110, no_location=True, omit_header=False, sort_output=True)
    lines = target.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_CHANGING_OR_EMPTY))


def ensure_compiled() -> None:
    """Compile each catalogue whose compiled form is missing or older; a folder that may not be written stays."""
    for text in FOLDER.glob("*/LC_MESSAGES/*.po"):
        compiled = text.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= text.stat().st_mtime:
            continue
        target = BytesIO()
        write_mo(target, read(text))
        try:
            write_atomically(compiled, target.getvalue())
        except OSError as problem:
            click.echo(f"{compiled} cannot be written: {problem}", err=True)


def write_atomically(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    os.replace(beside, path)


def _complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return not message.fuzzy and all(strings)


def _is_ours(folder: str) -> bool:
    name = os.path.basename(folder)
    return (
        name in {"marketplace", "templates"}
        or (
            not name.startswith((".", "_"))
            and name not in {"tests", "docs", "data", "node_modules", "instance", "static"}
        )
        or name == "_macros"
    )
