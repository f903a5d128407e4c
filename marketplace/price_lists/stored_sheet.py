"""A sheet that was read once, kept beside the file, so that the steps after the first need not read it again."""

import json

from marketplace import uploads
from marketplace.price_lists.sheets.sheet import Note, Row, Sheet


def keep(sheet: Sheet) -> str:
    """Keep it; the name to find it by."""
    content = {
        "kind": sheet.kind,
        "encoding": sheet.encoding,
        "separator": sheet.separator,
        "header": sheet.header,
        "notes": [[note.code, note.values] for note in sheet.notes],
        "rows": [[row.number, *row.cells] for row in sheet.rows],
    }
    return uploads.save(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    )


def load(stored_as: str) -> Sheet:
    """The sheet. Raises ``FileNotFoundError``."""
    with uploads.open(stored_as) as file:
        content = json.load(file)
    return Sheet(
        tuple(Row(number, tuple(cells)) for number, *cells in content["rows"]),
        content["kind"],
        tuple(Note(code, values) for code, values in content["notes"]),
        content["encoding"],
        content["separator"],
        content["header"],
    )
