"""A file of an order as it leaves here."""

from flask import Response

from marketplace.engines import categories
from marketplace.file_answers import made_file
from marketplace.i18n import current_language
from marketplace.order_sheets.files import write
from marketplace.order_sheets.sheet import Sheet


def sheet_answer(sheet: Sheet, kind: str, now) -> Response:
    """The file to be saved, in the language of the reader; kept by nobody on the way."""
    tree = categories()
    file = write(kind, sheet, lambda code: tree[code].label("it"), lang=current_language(), now=now)
    return made_file(file.content, file.media_type, file.name)
