"""Names of places as people write them: keys to compare them by, and patterns for their abbreviations.

A key is lower case, without accents, apostrophes and hyphens: words of a-z and 0-9 joined by
single spaces. "Sant'Angelo", "SANT’ANGELO" and "sant angelo" have one key.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_WORDS = 16
"""Words of a query that are looked at; the longest name of a comune has eight."""

MIN_LETTERS = 4
"""Letters that an abbreviated name needs to be worth filling in."""

STOP_WORDS = frozenset(
    "a al alla allo ai d da dal de dei del dell della delle di e ed i il in l la le lo"
    " nel nell nella o sul sull sulla".split()
)
"""Little words that people leave out or add: "Reggio Emilia" for Reggio nell'Emilia."""

_SAINTS = "san|sant|santa|santo|santi|sante"
_ABBREVIATIONS = {
    "s": f"(?:{_SAINTS}|s)",
    "ss": "(?:santi|santissima|santissimo|ss)",
    "sta": "(?:santa|sta)",
    "sto": "(?:santo|sto)",
    "st": "(?:santo|saint|sankt|st)",
    "ste": "(?:sante|sainte|ste)",
    "saint": "(?:saint|st)",
    "sankt": "(?:sankt|st)",
}
"""Abbreviations that are understood without a full stop too, as patterns over one word of a key."""

# "S.Giovanni": the full stop after a saint ends a word; "b.sco", "p.te": elsewhere it stands for the middle of one.
_SAINT_STOP = re.compile(r"\b(s|ss|sta|sto|st|ste)\.")
_TOKEN = re.compile(r"([a-z0-9]+)\.([a-z]{1,4})(?![a-z0-9.])|([a-z0-9]+)(\.?)")


def plain(text: str) -> str:
    """Lower case without accents; punctuation stays."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def key_of(name: str) -> str:
    """The key of a name: what two spellings of the same name have in common."""
    return " ".join(re.findall(r"[a-z0-9]+", plain(name)))


def loose_key(key: str) -> str:
    """A key without its little words; the key itself where nothing else is left."""
    return " ".join(word for word in key.split() if word not in STOP_WORDS) or key


def squeezed(key: str) -> str:
    """A key without spaces: "villadalme", as hurried people write it."""
    return key.replace(" ", "")


def spellings(name: str) -> list[str]:
    """The keys a name answers to: of the whole, and of either part where it is bilingual ("Bolzano/Bozen")."""
    return list(dict.fromkeys(key_of(part) for part in (name, *name.split("/"))))


def pattern_of(text: str) -> re.Pattern[str] | None:
    """A pattern over keys for a name with abbreviations ("S. Pellegrino", "Cisano B.sco"); None without any.

    "S.", "SS.", "Sta" and the like stand for every form of saint; another word with a full stop
    stands for its beginning ("Bart."), with letters after it for beginning and end ("P.te").
    """
    words, abbreviated, letters = [], False, 0
    for head, tail, word, stop in _TOKEN.findall(_SAINT_STOP.sub(r"\1 ", plain(text))):
        if head:
            words.append(f"{head}[a-z0-9]*{tail}")
        elif word == "s" and words and words[-1] == _ABBREVIATIONS["s"]:
            words.append("s[a-z0-9]*")  # "Almenno S.S.": no saint follows a saint
        elif word in _ABBREVIATIONS:
            words.append(_ABBREVIATIONS[word])
        elif stop:
            words.append(f"{word}[a-z0-9]*")
        else:
            words.append(word)
        abbreviated = abbreviated or words[-1] != word
        letters += len(head + tail) if head else len(word)
    # A lone "S." or "B.s" would stand for half of Italy.
    if not abbreviated or letters < MIN_LETTERS or len(words) > MAX_WORDS:
        return None
    return _compiled(" ".join(words))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
