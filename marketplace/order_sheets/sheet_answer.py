"""A file of an order as it leaves here."""

import io

from flask import Response, send_file

from marketplace.engines import categories
from marketplace.file_answers import guarded
from marketplace.i18n import current_language
from marketplace.order_sheets.files import write
from marketplace.order_sheets.sheet import Sheet


def sheet_answer(sheet: Sheet, kind: str, now) -> Response:
    """The file to be saved, in the language of the reader; kept by nobody on the way."""
    tree = categories()
    file = write(kind, sheet, lambda code: tree[code].label("it"), lang=current_language(), now=now)
    return guarded(
        send_file(
            io.BytesIO(file.content),
            mimetype=file.media_type,
            as_attachment=True,
            download_name=file.name,
            max_age=0,
        )
    )
