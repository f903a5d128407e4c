"""Files as they leave here: never run by the browser, never kept by it."""

from io import BytesIO

from flask import Response, send_file

from marketplace import uploads
from marketplace.errors import NotFound
from marketplace.organisations.slugs import slugify
from marketplace.upload_content import EXTENSIONS, PICTURES

#: Nothing of a document may run, load or send anything, whatever it contains.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def file_answer(stored_as: str, media_type: str, title: str) -> Response:
    """The upload, to be saved under a name made of ``title``; pictures are shown. Raises :class:`NotFound`."""
    try:
        file = uploads.open(stored_as)
    except FileNotFoundError:
        raise NotFound from None
    return guarded(
        send_file(
            file,
            mimetype=media_type,
            as_attachment=media_type not in PICTURES,
            download_name=f"{slugify(title)}{EXTENSIONS.get(media_type, '')}",
            conditional=False,
            etag=False,
            max_age=0,
        )
    )


def made_file(content: bytes, media_type: str, name: str) -> Response:
    """What we made for this reader, to be saved as ``name``."""
    return guarded(
        send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
    )


def guarded(response: Response) -> Response:
    """For whatever somebody else wrote, or for what only one person may read."""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
