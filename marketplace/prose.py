"""Texts that members write, as safe HTML: a little Markdown, nothing that runs, no pictures from elsewhere."""

import threading
from functools import lru_cache

import nh3
from flask import Flask
from markdown import Markdown
from markupsafe import Markup

#: What a description needs; headings begin below those of the page.
_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "h4", "h5", "h6"}
_ATTRIBUTES = {"a": {"href"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


class _Converter(threading.local):
    """One for each thread: it keeps state while it converts, and making one takes longer than a description."""

    def __init__(self) -> None:
        self.markdown = Markdown(extensions=["nl2br", "sane_lists"], output_format="html")


_converter = _Converter()


def markdown(text: str) -> Markup:
    """Markdown to HTML of the tags above; anything else that was written is dropped or shown as text."""
    html = _converter.markdown.reset().convert(text or "")
    return Markup(
        nh3.clean(
            html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener"
        )
    )


@lru_cache(maxsize=4096)
def plain_text(text: str) -> str:
    """The words of a text written so, without its marks, on one line.

    Remembered, because the same descriptions stand in the results of many searches: a few megabytes.
    """
    return markdown(text).striptags()


def web_link(address: str | None) -> str:
    """The address if it is one of the web, else nothing: whatever was stored, a link never runs anything."""
    address = (address or "").strip()
    return address if address.lower().startswith(("http://", "https://")) else ""


def init_app(app: Flask) -> None:
    app.add_template_filter(markdown)
    app.add_template_filter(web_link)
