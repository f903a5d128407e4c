"""Files that we made, to be saved by whoever asked for them and by nobody in between."""

from io import BytesIO

from flask import Response, send_file

from marketplace.file_answers import guarded


def attachment(content: bytes, media_type: str, name: str) -> Response:
    return guarded(
        send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
    )
