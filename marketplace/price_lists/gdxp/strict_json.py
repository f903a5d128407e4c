"""JSON whose numbers stay as they were written, with what is doubtful about it told instead of swallowed."""

import json
import re

from marketplace.price_lists.sheets.sheet import Unreadable

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 40
#: A string, also one that is never closed: each is read once and never again from its middle.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]', re.DOTALL)


class Number(str):
    """A number's own text, so that 2.675 stays 2.675 and nothing is ever a binary fraction."""

    __slots__ = ()


def load(text: str) -> tuple[object, list[str]]:
    """The value, and the keys that appear twice in one object. Raises :class:`Unreadable`."""
    if _too_deep(text):
        raise Unreadable("json_too_deep")
    twice: list[str] = []

    def pairs(items):
        made = {}
        for key, value in items:
            if key in made:
                twice.append(key[:80])
            made[key] = value
        return made

    def constant(name):
        raise Unreadable("json_constant", name=name)

    try:
        value = json.loads(
            text, object_pairs_hook=pairs, parse_float=Number, parse_int=Number, parse_constant=constant
        )
    except json.JSONDecodeError as reason:
        raise Unreadable("json_broken", row=reason.lineno, column=reason.colno) from None
    except RecursionError:
        raise Unreadable("json_too_deep") from None
    return value, twice


def printable(text: str) -> str:
    """The text without halves of characters and NULs, which no database keeps."""
    return _LONE_SURROGATE.sub("\ufffd", text).replace("\0", "")


def _too_deep(text: str) -> bool:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        mark = match.group()
        if mark in "[{":
            depth += 1
            if depth > _MAX_DEPTH:
                return True
        elif mark in "]}":
            depth -= 1
    return False
