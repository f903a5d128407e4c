"""Our icons in pages: names of Bootstrap Icons, the subsets that ``data/build/icons.py`` puts into two files.

One has the icons that templates name, which is all that most pages show; the other has those of categories too.
"""

import re
from functools import lru_cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup, escape

from marketplace.static_files import icon_sprites

_FEW = Path(__file__).with_name("static") / "img" / "interface_icons.svg"
_IN_FEW = frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', _FEW.read_text("utf-8")))


def icon(name: str | None, label: str | None = None) -> Markup:
    """One icon. Without a label it is decoration and hidden from screen readers.

    Not a macro, because a list of results has a hundred of them: each is written once and remembered.
    """
    few, all_ = icon_sprites()
    name = name or "tag"
    return _written(few if name in _IN_FEW else all_, name, label)


@lru_cache(maxsize=2048)
def _written(sprite: str, name: str, label: str | None) -> Markup:
    told = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true" focusable="false"'
    return Markup(
        f'<svg class="icon" viewBox="0 0 16 16"{told}>'
        f'<use href="{escape(sprite)}#{escape(name)}"></use></svg>'
    )


def init_app(app: Flask) -> None:
    app.add_template_global(icon, "icon_markup")
