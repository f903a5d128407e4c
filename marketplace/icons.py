"""Our icons in pages: names of Bootstrap Icons, the subset that ``data/build/icons.py`` puts into one file."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup, escape

from marketplace.static_files import icon_sprite


def icon(name: str | None, label: str | None = None) -> Markup:
    """One icon. Without a label it is decoration and hidden from screen readers.

    Not a macro, because a list of results has a hundred of them: each is written once and remembered.
    """
    return _written(icon_sprite(), name or "tag", label)


@lru_cache(maxsize=2048)
def _written(sprite: str, name: str, label: str | None) -> Markup:
    told = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true" focusable="false"'
    return Markup(
        f'<svg class="icon" viewBox="0 0 16 16"{told}>'
        f'<use href="{escape(sprite)}#{escape(name)}"></use></svg>'
    )


def init_app(app: Flask) -> None:
    app.add_template_global(icon, "icon_markup")
