"""Small files of each kind, as people upload them."""

from datetime import UTC, datetime
from io import BytesIO

from fpdf import FPDF
from PIL import Image


def pdf_bytes(text: str = "Certificate") -> bytes:
    made = FPDF()
    made.set_creation_date(datetime(2026, 1, 1, tzinfo=UTC))
    made.add_page()
    made.set_font("helvetica")
    made.cell(text=text)
    return bytes(made.output())


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (8, 6)) -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(stream, format=kind)
    return stream.getvalue()
