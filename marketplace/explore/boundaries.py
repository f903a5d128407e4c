"""The ground of the map: outlines of comuni and provinces, compressed once for whoever takes them so.

Raw they weigh 300 to 640 kB, compressed a quarter of that; on a phone in a valley it is the difference between
a map and none. A process compresses each file the first time it is asked for it and keeps it.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Response, request

from geo.geojson import MEDIA_TYPE
from marketplace.config import DATA

#: Boundaries change when the project's data change; a day keeps phones from asking again.
MAX_AGE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Compressed:
    """A file whole and compressed, with the fingerprint of what it says."""

    plain: bytes
    gzipped: bytes
    fingerprint: str


@cache
def read(path: Path) -> Compressed:
    plain = path.read_bytes()
    # no moment of compression within, so that every process sends the same bytes
    return Compressed(plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:16])


def boundaries(name: str) -> Response:
    """``data/geo/<name>`` for the running request: compressed where it accepts that, 304 where it has it already."""
    file = read(DATA / "geo" / name)
    compress = request.accept_encodings.quality("gzip") > 0
    response = Response(file.gzipped if compress else file.plain, mimetype=MEDIA_TYPE)
    if compress:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE_S
    # two representations must not share a strong tag
    response.set_etag(f"{file.fingerprint}-{'gzip' if compress else 'plain'}")
    return response.make_conditional(request)
