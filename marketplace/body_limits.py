"""How large the body of a request may be, where a route differs from ``MAX_CONTENT_LENGTH``."""

from collections.abc import Callable

from flask import Flask, current_app, request


def at_most(size: int) -> Callable[[Callable], Callable]:
    """For a view that takes files: bodies of more than ``size`` bytes are refused (413) before they are read."""

    def decorate(view: Callable) -> Callable:
        view.max_content_length = size
        return view

    return decorate


def init_app(app: Flask) -> None:
    """Before anything reads the form, such as the check of its token."""

    @app.before_request
    def limit() -> None:
        view = current_app.view_functions.get(request.endpoint)
        size = getattr(view, "max_content_length", None)
        if size is not None:
            request.max_content_length = size
