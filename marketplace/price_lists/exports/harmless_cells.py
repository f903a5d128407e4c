"""What stands in a cell is a text or a number, never something that a spreadsheet computes (ORDEAL 32)."""

import re

#: What makes a spreadsheet compute a cell, or act on it, when it begins with it.
_COMMANDS = ("=", "+", "-", "@", "\t", "\r")
_NEGATIVE = re.compile(r"-\d{1,15}(?:[.,]\d{1,12})?")


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and does not run: quoted, unless it is really a negative number."""
    if text.startswith(_COMMANDS) and not _NEGATIVE.fullmatch(text):
        return f"'{text}"
    return text


def unquoted(text: str) -> str:
    """The other way round, for what :func:`harmless` wrote."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_COMMANDS) else text
