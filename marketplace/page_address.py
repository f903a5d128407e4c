"""Addresses of pages: with the parameters of this request but for those that change, and whole for a mail.

Parameters come from whoever wrote the address: they are only ever put behind the question mark, never handed
to ``url_for`` as keywords, where ``_scheme`` or ``_external`` would change where a link goes.
"""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlencode

from flask import Flask, current_app, has_request_context, request, url_for
from werkzeug.datastructures import MultiDict


def address_with(endpoint: str | None = None, /, changes=(), **view_args) -> str:
    """This page, or another one, with the parameters of this request but for ``changes``.

    ``changes`` maps names to a value, a list of values, or ``None``, which drops the parameter.
    ``view_args`` are the parts of the other page's path.
    """
    args = MultiDict(request.args)
    for name, value in dict(changes).items():
        args.poplist(name)
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                args.add(name, one)
    path = (
        url_for(endpoint, **view_args) if endpoint else url_for(request.endpoint, **(request.view_args or {}))
    )
    query = urlencode(list(args.items(multi=True)))
    return f"{path}?{query}" if query else path


def whole_address(endpoint: str, **values) -> str:
    """The address of a page with its host, as a mail needs it; from a command it begins with ``SITE_URL``."""
    if has_request_context():
        return url_for(endpoint, _external=True, **values)
    path = current_app.url_map.bind("").build(endpoint, values)
    return current_app.config["SITE_URL"].rstrip("/") + path


def remembering(app: Flask) -> Callable[..., str]:
    """``url_for`` for templates, which ask for the same hundred addresses on every page.

    What it answers within this site follows from its arguments and where the application is mounted.
    """

    # typed, because the addresses of 1 and of True differ while the two are equal
    @lru_cache(maxsize=8192, typed=True)
    def built(_root: str, endpoint: str, /, **values) -> str:
        return app.url_for(endpoint, **values)

    def url_for(endpoint: str, /, **values) -> str:
        # of this blueprint, with a host, a method or an anchor: rare, and dependent on more
        if not has_request_context() or endpoint[0] == "." or any(name[0] == "_" for name in values):
            return app.url_for(endpoint, **values)
        try:
            return built(request.script_root, endpoint, **values)
        except TypeError:  # a list of values cannot be a key
            return app.url_for(endpoint, **values)

    return url_for


def init_app(app: Flask) -> None:
    if not app.debug:
        # there our own files change while the application runs, and so do their addresses
        app.add_template_global(remembering(app), "url_for")
    app.add_template_global(address_with)
    app.add_template_global(whole_address)
