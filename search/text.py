"""From Italian text to stems: one function for every engine, for what is indexed and for what is sought.

The stemmer is light and ours, because catalogues are made of nouns. Tried on 230 pairs of singular
and plural from this field, Snowball's Italian stemmer parts one in ten (it takes -ano, -ere, -orio
for endings of verbs: laboratorio/laboratori, camera/camere, sedano/sedani, uva/uve). This one
forgets gender and number, and a few endings by which Italian makes services out of verbs, so
that "riparare", "riparatore" and "riparazione" meet, and nothing else.
"""

import re
import unicodedata
from functools import lru_cache

from search.stop_words import STOP_WORDS

# Letters and digits are apart, so that "5kg" is "5 kg" and "km0" is "km 0"; an apostrophe of any
# shape parts words, which leaves elided articles (dell', l') to the list of stop words.
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")
_COMBINING_MARKS = dict.fromkeys(range(0x300, 0x370))  # the marks of European alphabets
_ENDING_VOWELS = "aeiouy"
_SHORTEST_STEM = 2

# Endings that make a service, a trade or an adjective of a verb or a noun, each with the letters that must be
# left for it to go. Every ending comes in all its genders and numbers, or singular and plural would part;
# where the longest fits but leaves too little, no shorter one is tried (alimenti is not alim-enti).
_FAMILIES = (
    (r"azion[ei]|ator[ei]|atori[oae]|atric[ei]|ativ[oaie]", 4),
    (r"[aeiu]ment[oie]", 4),
    (r"ant[oie]|ent[oie]|enz[ae]|enzial[ei]", 5),
    (r"ar[oaie]|ari[oae]|ire", 5),
    (r"er[oaie]", 6),
    (r"ier[oaie]", 99),  # cantiere, paniere: the trade or the thing is a word of its own
)
_ENDINGS = tuple((re.compile(f"(?:{ending})$"), left) for ending, left in _FAMILIES)

# Words that a rule would confuse with another, or part from their plural, and other ways of writing a word.
# The right side is final: it is not stemmed again.
_IRREGULAR: dict[str, tuple[str, ...]] = {
    # peaches are not fish, meals are not pasta, stalls are not banks, compotes are not compost
    **dict.fromkeys(("pesca", "pesche"), ("pesca",)),
    **dict.fromkeys(("pasto", "pasti"), ("pasto",)),
    **dict.fromkeys(("banco", "banchi"), ("banco",)),
    **dict.fromkeys(("composta", "composte"), ("composta",)),
    # too short for the rule of services
    **dict.fromkeys(("lavare", "lavaggio", "lavaggi", "lavatura", "lavature"), ("lavagg",)),
    # firewood is not wood
    **dict.fromkeys(("legna", "legne"), ("legna",)),
    # salt is not a hall, where the number tells them apart
    "sala": ("sala",),
    # pickles are not a gardener, and a gardener is for gardens
    "giardiniera": ("giardiniera",),
    **dict.fromkeys(("giardiniere", "giardinieri"), ("giardin",)),
    **dict.fromkeys(("bue", "buoi"), ("bue",)),
    **dict.fromkeys(("uomo", "uomini"), ("uomo",)),
    **dict.fromkeys(("tempio", "templi"), ("tempio",)),
    **dict.fromkeys(("te", "the"), ("te",)),
    "bio": ("biologic",),
    **dict.fromkeys(("equosolidale", "equosolidali"), ("equ", "solidal")),
    **dict.fromkeys(("chilometro", "chilometri"), ("km",)),
    "zero": ("0",),
}


def fold(text: str) -> str:
    """The text in lower case and without accents, compatibility forms made plain (NFKD)."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    # Again lower case afterwards: what stands for a capital letter becomes one only then.
    return unicodedata.normalize("NFKD", lower).translate(_COMBINING_MARKS).casefold()


def words(text: str) -> list[str]:
    """The folded words of a text in order, stop words and single letters included."""
    return _WORDS.findall(fold(text))


def stems(text: str) -> list[str]:
    """The stems of a text in order, with repeats; stop words leave no gap."""
    return [stem for word in words(text) for stem in stems_of(word)]


@lru_cache(maxsize=50_000)
def stems_of(word: str) -> tuple[str, ...]:
    """The stems of one folded word: none for a stop word, more than one for a few compounds."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in STOP_WORDS or (len(word) == 1 and not word.isdigit()):
        return ()
    return (_stem(word),)


def _stem(word: str) -> str:
    if len(word) <= _SHORTEST_STEM or word.isdigit():
        return word
    return _without_gender_and_number(_without_ending(word))


def _without_ending(word: str) -> str:
    """riparazione, riparatori, riparare: ripar."""
    found = [(match.start(), left) for ending, left in _ENDINGS if (match := ending.search(word))]
    start, left = min(found, default=(len(word), 0))
    return word[:start] if start >= left else word


def _without_gender_and_number(word: str) -> str:
    """zucca, zucche: zucc; formaggio, formaggi: formagg; arancia, arance: aranc; apple, apples: appl."""
    stem = word
    if len(stem) > 3 and stem[-1] == "s" and stem[-2] != "s":
        stem = stem[:-1]
    if stem[-1] in _ENDING_VOWELS:
        stem = stem[:-1]
        if stem[-1] == "i" and len(stem) > _SHORTEST_STEM:
            stem = stem[:-1]
        if stem.endswith(("ch", "gh")):
            stem = stem[:-1]
    return stem if len(stem) >= _SHORTEST_STEM else word
