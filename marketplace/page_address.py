"""The address of a page with the parameters that it was asked with, but for those that change.

Parameters come from whoever wrote the address: they are only ever put behind the question mark, never handed
to ``url_for`` as keywords, where ``_scheme`` or ``_external`` would change where a link goes.
"""

from urllib.parse import urlencode

from flask import Flask, request, url_for
from werkzeug.datastructures import MultiDict


def address_with(endpoint: str | None = None, /, changes=(), **view_args) -> str:
    """This page, or another one, with the parameters of this request; ``changes`` maps names to values, ``None`` drops.

    ``view_args`` are the parts of the other page's path.
    """
    args = MultiDict(request.args)
    for name, value in dict(changes).items():
        args.poplist(name)
        if value is not None:
            args.add(name, value)
    path = url_for(endpoint, **view_args) if endpoint else url_for(request.endpoint, **(request.view_args or {}))
    query = urlencode(list(args.items(multi=True)))
    return f"{path}?{query}" if query else path


def init_app(app: Flask) -> None:
    app.add_template_global(address_with)
