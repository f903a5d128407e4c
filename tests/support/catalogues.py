"""The compiled catalogues, for whoever starts pytest without `make test`."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parents[2] / "marketplace/translations"


def compile_stale_catalogues() -> None:
    for po in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            with po.open("rb") as source:
                catalogue = read_po(source)
            beside = mo.with_suffix(".new")
            with beside.open("wb") as target:
                write_mo(target, catalogue)
            beside.replace(mo)
