"""Tests of the files in ``data/``: what they promise to the code and to the people who read them."""

from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"
