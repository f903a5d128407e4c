"""What one process does while it answers pages, by ``cProfile``: shares by part of the program, and the functions."""

import cProfile
import pstats
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from marketplace.config import ROOT

ROUNDS = 3
FUNCTIONS = 30
LIBRARIES = ("jinja2", "markupsafe", "sqlalchemy", "flask", "werkzeug", "babel", "wtforms", "whoosh", "numpy")


def profile_pages(app: Flask, paths: Sequence[str]) -> str:
    """A text: the share of each part in the time spent in its own code, then the functions with all they call."""
    environs = [EnvironBuilder(path=path, base_url="http://127.0.0.1").get_environ() for path in paths]
    for environ in environs:
        run_wsgi_app(app, dict(environ), buffered=True)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(ROUNDS):
        for environ in environs:
            run_wsgi_app(app, dict(environ), buffered=True)
    profiler.disable()
    return _told(pstats.Stats(profiler), ROUNDS * len(environs))


def _told(stats: pstats.Stats, pages: int) -> str:
    own: dict[str, float] = defaultdict(float)
    rows = []
    for (file, line, name), (_calls, times, alone, together, _callers) in stats.stats.items():
        own[part_of(file, name)] += alone
        rows.append((together, times, f"{_short(file)}:{line} {name}"))
    total = sum(own.values())
    lines = [
        f"{1_000 * total / pages:.2f} ms a page under the profiler, {pages} pages",
        "",
        "own time by part",
    ]
    lines += [
        f"  {100 * seconds / total:5.1f} %  {part}"
        for part, seconds in sorted(own.items(), key=lambda item: -item[1])
    ]
    lines += ["", "functions with all that they call: ms a page, calls a page"]
    lines += [
        f"  {1_000 * together / pages:7.3f} {times / pages:8.1f}  {what}"
        for together, times, what in sorted(rows, reverse=True)[:FUNCTIONS]
    ]
    return "\n".join(lines)


def part_of(file: str, name: str) -> str:
    """The part of the program that a function belongs to."""
    if file == "~":
        return "sqlite" if "sqlite" in name else "built in"
    path = Path(file)
    if path.suffix in {".html", ".svg"} or file.startswith("<template"):
        return "templates"
    for library in LIBRARIES:
        if library in path.parts or any(part.startswith(f"flask_{library}") for part in path.parts):
            return library
    if path.is_relative_to(ROOT) and ".venv" not in path.parts:
        return (
            path.relative_to(ROOT).parts[0]
            if "marketplace" not in path.parts
            else "/".join(path.relative_to(ROOT).parts[:2]).removesuffix(".py")
        )
    return "the rest"


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-3:])
