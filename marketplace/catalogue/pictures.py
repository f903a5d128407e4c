"""A photo as it is shown: turned upright, without what the camera wrote into it, in the widths that pages ask for.

All widths are kept together, as one zip without compression, under one name in :mod:`marketplace.uploads`.
"""

import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from PIL import Image, ImageOps

from marketplace.upload_content import PICTURES, Fault, Refused, media_type

#: Pixels. A card shows 96 on a screen of up to three times that; a page on a wide screen some 600.
WIDTHS = (320, 640, 1280)
#: Height over width, at most: nobody shows a strip of 20,000 pixels.
TALLEST = 3
#: A PNG is unpacked whole; a JPEG is read at a fraction of its size, which takes a fraction of the memory.
MAX_PNG_PIXELS = 24_000_000
_QUALITY, _EFFORT = 80, 4
MEDIA_TYPE = "image/webp"


def shown_in_widths(content: bytes) -> dict[int, tuple[bytes, int]]:
    """The picture as WebP by width, with its height; never wider than it is. Raises :class:`Refused`.

    Only pixels and colours are taken over: no place, no time, no camera, no comments.
    """
    kind = media_type(content, allowed=PICTURES)
    try:
        with warnings.catch_warnings():
            # what would unpack to gigabytes has been refused by media_type, at a limit of our own
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as opened:
                if kind == "image/png" and opened.width * opened.height > MAX_PNG_PIXELS:
                    raise Refused(Fault.TOO_LARGE)
                # of either side, since it may lie on its side; only a JPEG can be read smaller
                opened.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
                upright = ImageOps.exif_transpose(opened)
                alpha = "A" in upright.getbands() or "transparency" in upright.info
                picture = upright.convert("RGBA" if alpha else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused(Fault.DAMAGED) from None
    if picture.height > TALLEST * picture.width or picture.width > TALLEST * picture.height:
        picture = _middle(picture)
    return {width: _encoded(picture, width) for width in _widths(picture.width)}


def bundle(widths: Mapping[int, tuple[bytes, int]]) -> bytes:
    """All widths as one file; the same pictures give the same bytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as pack:
        for width, (content, _height) in sorted(widths.items()):
            pack.writestr(ZipInfo(f"{width}.webp"), content)
    return file.getvalue()


def one_of(bundled: BinaryIO, width: int) -> bytes:
    """The picture of that width out of a bundle. Raises ``KeyError`` where there is none."""
    with ZipFile(bundled) as pack:
        return pack.read(f"{width}.webp")


def widths_of(widest: int) -> tuple[int, ...]:
    """The widths in which a photo was kept whose widest is ``widest``."""
    return tuple(_widths(widest))


def _widths(full: int) -> list[int]:
    return [width for width in WIDTHS if width < full] + ([full] if full <= WIDTHS[-1] else [])


def _encoded(picture: Image.Image, width: int) -> tuple[bytes, int]:
    height = max(1, round(picture.height * width / picture.width))
    smaller = picture if width == picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
    file = BytesIO()
    smaller.save(file, "WEBP", quality=_QUALITY, method=_EFFORT, exif=b"", icc_profile=b"", xmp=b"")
    return file.getvalue(), smaller.height


def _middle(picture: Image.Image) -> Image.Image:
    """The middle of a strip."""
    width = min(picture.width, TALLEST * picture.height)
    height = min(picture.height, TALLEST * picture.width)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))
