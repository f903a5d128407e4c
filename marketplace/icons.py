"""Our icons in pages: names of Bootstrap Icons, the subsets that ``data/build/icons.py`` puts into two files.

One has the icons that templates name, which is all that most pages show; the other has those of categories too.
"""

import re
from functools import lru_cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup, escape

_FEW = Path(__file__).with_name("static") / "img" / "interface_icons.svg"
_IN_FEW = frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', _FEW.read_text("utf-8")))

#: Stands where a category names no icon.
_UNNAMED = "tag"


@lru_cache(maxsize=2048, typed=True)
def _written(sprite: str, name: str, label: str | None) -> Markup:
    told = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true" focusable="false"'
    return Markup(
        f'<svg class="icon" viewBox="0 0 16 16"{told}>'
        f'<use href="{escape(sprite)}#{escape(name)}"></use></svg>'
    )


# typed, because markup and a text of the same letters are equal, and only the text is escaped
@lru_cache(maxsize=2048, typed=True)
def _beside(sprite: str, name: str, text: str) -> Markup:
    return _written(sprite, name, None) + Markup("<span>{}</span>").format(text)


def init_app(app: Flask) -> None:
    """Gives templates ``icon_markup`` and ``icon_beside``.

    Functions and not macros, because a list of results has a hundred of them: each is written once and remembered.
    """

    def sprite_of(name: str) -> str:
        # as templates ask, which remembers (marketplace.page_address)
        url_for = app.jinja_env.globals["url_for"]
        return url_for("static", filename=f"img/{'interface_icons' if name in _IN_FEW else 'icons'}.svg")

    def icon(name: str | None, label: str | None = None) -> Markup:
        """One icon. Without a label it is decoration and hidden from screen readers."""
        name = name or _UNNAMED
        return _written(sprite_of(name), name, label)

    def icon_beside(name: str | None, text: str) -> Markup:
        """An icon as decoration, and words."""
        name = name or _UNNAMED
        return _beside(sprite_of(name), name, text)

    app.add_template_global(icon, "icon_markup")
    app.add_template_global(icon_beside)
