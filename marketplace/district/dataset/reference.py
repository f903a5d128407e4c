"""What the cells of a dataset are held against: categories, criteria, CPV codes, legal forms, and the comuni."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.gazetteer import Gazetteer, geocoded
from geo.geocoding import Ambiguous, GeocodedPlace, GeocodingError, NotFound
from marketplace import engines
from marketplace.config import DATA
from marketplace.reference.legal_forms import load_legal_forms
from search.category_names import plain_name
from search.criteria import CriteriaRegister
from search.taxonomy import CategoryTree, cpv_prefix

ISTAT_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Reference:
    """``cpv`` holds the official codes of eight digits; ``legal_forms`` maps codes to Italian labels.

    Places are found by the offline gazetteer whatever the site is set to: a check asks no network.
    """

    tree: CategoryTree
    criteria: CriteriaRegister
    gazetteer: Gazetteer
    cpv: frozenset[str]
    legal_forms: Mapping[str, str]

    @classmethod
    def of_this_installation(cls) -> "Reference":
        """The registers that the site itself uses."""
        forms = load_legal_forms(DATA / "legal_forms.csv")
        return cls(
            tree=engines.categories(),
            criteria=engines.criteria(),
            gazetteer=engines.gazetteer(),
            cpv=frozenset(engines.cpv_labels()),
            legal_forms={code: form.label_it for code, form in forms.items()},
        )

    @property
    def provinces(self) -> frozenset[str]:
        """The sigle of all provinces."""
        return frozenset(self.gazetteer.register.provinces)

    def place(self, text: str) -> GeocodedPlace:
        """The place that a cell names by ISTAT code, name or coordinates. Raises ValueError with a sentence."""
        found = _geocoded(self.gazetteer, text)
        if isinstance(found, GeocodedPlace):
            return found
        raise ValueError(_refusal(text, found))

    def category(self, text: str) -> str:
        """The category that a cell names by code, label, synonym or CPV. Raises ValueError with a sentence."""
        found = self.tree.resolve(text)
        if found is None:
            raise ValueError(f"{text!r} names no category by code, label, synonym or CPV")
        if isinstance(found, tuple):
            raise ValueError(f"{text!r} may mean several categories: write one of {', '.join(found)}")
        return found

    def cpv_code(self, text: str) -> str:
        """The eight digits of an official code. Raises ValueError: the check digit is dropped, never judged."""
        digits = text.partition("-")[0]
        if cpv_prefix(text) is None or digits not in self.cpv:
            raise ValueError(f"{text!r} is not a code of the Common Procurement Vocabulary 2008")
        return digits

    def legal_form(self, text: str) -> str:
        """The code of a legal form, from the code or its Italian label. Raises ValueError."""
        if text in self.legal_forms:
            return text
        name = plain_name(text)
        for code, label in self.legal_forms.items():
            if plain_name(label) == name:
                return code
        raise ValueError(f"{text!r} is no code or name in the list of legal forms")


@lru_cache(maxsize=20_000)
def _geocoded(gazetteer: Gazetteer, text: str) -> GeocodedPlace | GeocodingError:
    """The place, with its comune as label where it was given by coordinates; else why there is none."""
    if text.isascii() and text.isdigit() and len(text) == ISTAT_DIGITS:
        comune = gazetteer.register.get(text)
        return geocoded(comune) if comune else NotFound(text)
    try:
        found = gazetteer.geocode(text)
    except GeocodingError as error:
        return error
    if found.precision == "coordinates" and found.comune:
        return replace(found, label=gazetteer.register.get(found.comune).label)
    return found


def _refusal(text: str, error: GeocodingError) -> str:
    if isinstance(error, Ambiguous):
        names = ", ".join(place.label for place in error.candidates[:5])
        return f"several places are called {text!r}: write one of {names}, or the ISTAT code"
    if isinstance(error, NotFound) and error.suggestions:
        names = ", ".join(place.label for place in error.suggestions[:3])
        return f"no place is called {text!r}; perhaps {names}"
    return f"no place is called {text!r}: write a comune, its ISTAT code, or latitude and longitude"
