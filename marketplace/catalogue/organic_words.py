"""Words that only a certified product may bear (D.Lgs. 148/2023, art. 23; PRACTICE, Values and food 1)."""

import re

#: "bio" alone or as a prefix with a hyphen, "biologico" in every form, "organic"; not "biodiversità" or "biografia".
ORGANIC = re.compile(r"\b(bio(?:-\w+)?|biologic\w*|organic)\b", re.IGNORECASE)


def organic_words(text: str) -> tuple[str, ...]:
    """The words of a text that say "organic", as they were written, each once, in order."""
    return tuple(dict.fromkeys(match.group(0) for match in ORGANIC.finditer(text)))
