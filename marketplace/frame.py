"""The parts of a page's frame that follow from nothing but the language and the page: written once, not for each reader.

Head, menu and foot are a quarter of what a template has to put together, and nobody sees anything of their own there.
"""

from functools import lru_cache

from flask import Flask, request
from markupsafe import Markup

from marketplace.i18n import current_language


def init_app(app: Flask) -> None:
    """Gives templates ``frame(part, here)``: ``templates/frame/<part>.html``, which may ask for ``here`` and ``lang`` only."""

    def written(language: str, _root: str, part: str, here: str | None) -> Markup:
        template = app.jinja_env.get_template(f"frame/{part}.html")
        return Markup(template.render(lang=language, here=here))

    # while developing, templates and sheets change while the application runs
    remembered = written if app.debug else lru_cache(maxsize=1024)(written)

    def frame(part: str, here: str | None = None) -> Markup:
        return remembered(current_language(), request.script_root, part, here)

    app.add_template_global(frame)
