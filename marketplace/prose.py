"""Texts that members write, as safe HTML: a little Markdown, nothing that runs, no pictures from elsewhere."""

import nh3
from flask import Flask
from markdown import Markdown
from markupsafe import Markup

#: What a description needs; headings begin below those of the page.
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h4", "h5", "h6"}
_ATTRIBUTES = {"a": {"href"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def markdown(text: str) -> Markup:
    """Markdown to HTML of the tags above; anything else that was written is dropped or shown as text."""
    html = Markdown(extensions=["nl2br", "sane_lists"], output_format="html").convert(text or "")
    return Markup(
        nh3.clean(
            html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener"
        )
    )


def plain_text(text: str) -> str:
    """The words of a text written so, without its marks, on one line."""
    return markdown(text).striptags()


def init_app(app: Flask) -> None:
    app.add_template_filter(markdown)
