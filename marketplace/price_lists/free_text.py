"""Units, VAT and categories in the words of suppliers: what they surely mean, and what they might."""

import re
from collections.abc import Iterable, Mapping

from marketplace.price_lists.listed import UNIT_WORDS, VAT_WORDS
from search.category_names import plain_name
from search.taxonomy import CategoryTree

#: Spellings that mean one unit and nothing else.
_UNITS: Mapping[str, Iterable[str]] = {
    "kg": ("kg", "kilo", "kili", "chilo", "chili", "kilogrammo", "kilogrammi", "chilogrammo", "chilogrammi", "al kg",
           "kgm", "€ kg", "euro kg"),
    "l": ("l", "lt", "ltr", "litro", "litri", "liter", "litre", "al litro"),
    "piece": ("pz", "pezzo", "pezzi", "cad", "cadauno", "cadauna", "n", "nr", "num", "numero", "pc", "pcs", "piece",
              "pieces", "unita", "uno", "al pezzo", "a pezzo", "each"),
    "pack": ("conf", "confezione", "confezioni", "pacco", "pacchi", "pack", "busta", "buste", "sacchetto",
             "sacchetti", "vaschetta", "vaschette", "scatola", "astuccio"),
    "jar": ("vasetto", "vasetti", "vaso", "vasi", "barattolo", "barattoli", "jar"),
    "bottle": ("bottiglia", "bottiglie", "bott", "bt", "btg", "bottle"),
    "box": ("cassa", "casse", "cassetta", "cassette", "cartone", "cartoni", "collo", "colli", "box", "ct"),
    "bunch": ("mazzo", "mazzi", "mazzetto", "mazzetti", "bunch"),
    "dozen": ("dozzina", "dozzine", "dz", "dozen"),
    "meal": ("pasto", "pasti", "meal"),
    "hour": ("ora", "ore", "h", "hour"),
    "day": ("giorno", "giorni", "gg", "giornata", "giornate", "day"),
    "month": ("mese", "mesi", "month", "mensile"),
    "person": ("persona", "persone", "partecipante", "partecipanti", "person", "a persona"),
    "m2": ("m2", "mq", "m²", "metro quadro", "metri quadri", "metro quadrato"),
    "m3": ("m3", "mc", "m³", "metro cubo", "metri cubi"),
    "km": ("km", "chilometro", "chilometri"),
    "kwh": ("kwh",),
    "service": ("servizio", "servizi", "service", "a corpo", "intervento"),
    "course": ("corso", "corsi", "course"),
    "ticket": ("biglietto", "biglietti", "ticket", "ingresso"),
}  # fmt: skip
_VATS: Mapping[str, Iterable[str]] = {
    "vat_4": ("4", "04", "0 04", "4 00", "4 0"), "vat_5": ("5", "05", "0 05", "5 00", "5 0"),
    "vat_10": ("10", "0 1", "0 10", "10 00", "10 0"), "vat_22": ("22", "0 22", "22 00", "22 0"),
    "exempt_10": ("esente", "esente art 10", "art 10", "es art 10", "exempt"),
    "flat_rate": ("forfettario", "regime forfettario", "forfait", "l 190 2014", "flat rate"),
    "farm_exempt": ("esonero", "esonero agricolo", "esonero art 34 c 6", "art 34", "art 34 c 6", "agricolo esonerato"),
    "out_of_scope": ("non soggetto", "fuori campo", "fuori campo iva", "fc iva", "escluso", "n s"),
}  # fmt: skip
_BARE_RATE = re.compile(r"0+(?:[.,]0+)?\s*%?")


def plain(text: str) -> str:
    """The form in which texts are compared and remembered."""
    return (plain_name(text) or text.strip())[:120]


_UNIT_BY_TEXT = {plain(t): code for code, texts in _UNITS.items() for t in (code, UNIT_WORDS[code], *texts)}
_VAT_BY_TEXT = {
    plain(text): code for code, texts in _VATS.items() for text in (code, VAT_WORDS[code], *texts)
}


def unit_code(text: str) -> str | None:
    """The unit that a text surely means."""
    return _UNIT_BY_TEXT.get(plain(text))


def unit_proposal(text: str) -> str | None:
    """The unit that a longer text may mean: "cassetta da 5 kg" a box, "500 g" a pack."""
    words = plain(text).split()
    for word in words:
        if word in _UNIT_BY_TEXT and not word.isdigit():
            return _UNIT_BY_TEXT[word]
    return "pack" if words and words[0][:1].isdigit() else None


def vat_code(text: str) -> str | None:
    """The treatment that a text surely means; none for a bare 0, which four treatments share."""
    return _VAT_BY_TEXT.get(plain(re.sub(r"(?i)\biva\b|%|al\b", " ", text)))


def is_zero_rate(text: str) -> bool:
    return bool(_BARE_RATE.fullmatch(text.strip()))


class Categories:
    """The tree by the words of price lists; what was looked up once is known."""

    def __init__(self, tree: CategoryTree, language: str = "it"):
        self._tree, self._language = tree, language
        self._proposed: dict[str, str | None] = {}
        self._labels: dict[str, list[str]] = {}
        for category in tree:
            self._labels.setdefault(plain(category.label(language)), []).append(category.code)

    def label(self, code: str) -> str:
        category = self._tree.get(code)
        return category.label(self._language) if category else code

    def __contains__(self, code: str) -> bool:
        return code in self._tree

    def sure(self, text: str) -> str | None:
        """The category whose code or label this is, where only one bears it."""
        if text.strip() in self._tree:
            return text.strip()
        codes = self._labels.get(plain(text), [])
        return codes[0] if len(codes) == 1 else None

    def proposal(self, text: str) -> str | None:
        """The category that a text names, whole or by its longest words; ``None`` where it names none or several."""
        known = plain(text)
        if known not in self._proposed:
            self._proposed[known] = self._named(known)
        return self._proposed[known]

    def _named(self, text: str) -> str | None:
        words = text.split()[:8]
        for length in range(min(len(words), 4), 0, -1):
            for start in range(len(words) - length + 1):
                part = " ".join(words[start : start + length])
                if length == 1 and (len(part) < 4 or part.isdigit()):
                    continue
                found = self._tree.resolve(part)
                if isinstance(found, str):
                    return found
        return None
