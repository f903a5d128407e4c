"""What a PDF says and shows, by the programs of poppler: its text, and its pages as somebody sees them."""

import subprocess
from pathlib import Path

from PIL import Image


def text_of_paper(content: bytes, folder: Path, *options: str) -> str:
    """The text of all pages, by pdftotext; ``options`` as it takes them, such as ``-layout``."""
    command = ["pdftotext", *options, str(_written(content, folder)), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def page_of_paper(content: bytes, folder: Path, *, number: int = 1, dots_per_inch: int = 300) -> Image.Image:
    """One page in shades of grey, by pdftoppm; pages are counted from 1."""
    command = ["pdftoppm", "-gray", "-png", "-r", str(dots_per_inch), "-f", str(number), "-singlefile"]
    subprocess.run([*command, str(_written(content, folder)), str(folder / "page")], check=True)
    with Image.open(folder / "page.png") as page:
        return page.convert("L")


def _written(content: bytes, folder: Path) -> Path:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    return path
