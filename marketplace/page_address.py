"""The address of a page with the parameters that it was asked with, but for those that change.

Parameters come from whoever wrote the address: they are only ever put behind the question mark, never handed
to ``url_for`` as keywords, where ``_scheme`` or ``_external`` would change where a link goes.
"""

from urllib.parse import urlencode

from flask import Flask, request, url_for
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


def init_app(app: Flask) -> None:
    app.add_template_global(address_with)
