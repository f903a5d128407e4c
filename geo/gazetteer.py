"""The offline geocoder: comuni by name, postal code or coordinates. Never the network.

A name is matched in steps, each only where the one before found nothing: the name as written,
with abbreviations filled in, with spaces left out, without its little words ("Reggio Emilia"),
and as the beginning of longer names ("San Pellegrino"). One comune is an answer,
several are asked back, none gives the nearest spellings. A place is never chosen silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from geo.comuni import Comune, ComuneRegister
from geo.coordinates import place_at_coordinates
from geo.geocoding import MAX_QUERY, Ambiguous, GeocodedPlace, NotFound, Precision, clean_query
from geo.names import key_of, loose_key, pattern_of, spellings, squeezed
from geo.place_query import PlaceQuery, without_street
from geo.points import looks_like_coordinates
from geo.spelling import NearestSpellings
from geo.suggestions import Suggestions

MAX_SUGGESTIONS = 5
"""Nearest spellings offered for an unknown name."""
MAX_CANDIDATES = 50
"""Comuni asked back for an ambiguous name, the most populous; the widest postal code has 44."""
MIN_BEGINNING = 3
"""Letters of an unknown name that names are suggested for because they begin so."""

Comuni = tuple[Comune, ...]


class Gazetteer:
    """A `geo.geocoding.Geocoder` over the register of comuni. Immutable, safe to share between threads."""

    def __init__(self, register: ComuneRegister) -> None:
        self.register = register
        by_squeezed, by_loose = defaultdict(list), defaultdict(list)
        self._keys: list[str] = []
        self._comune_of_key: list[Comune] = []
        for comune in register:
            for key in spellings(comune.name):
                self._keys.append(key)
                self._comune_of_key.append(comune)
                by_squeezed[squeezed(key)].append(comune)
                by_loose[loose_key(key)].append(comune)
        self._by_squeezed = {key: _ranked(found) for key, found in by_squeezed.items()}
        self._by_loose = {key: _ranked(found) for key, found in by_loose.items()}
        self._siglas = _territories(register)
        self._spelling = NearestSpellings(self._keys)
        self._suggestions = Suggestions(self._keys, self._comune_of_key, register)

    def geocode(self, text: str) -> GeocodedPlace:
        """The comune or point that a text names.

        Reads "Clusone", "Clusone (BG)", "24023", "24023 Clusone", "45.87, 9.93" and what people make of them;
        of a whole address only the comune is found (precision `comune`). Raises NotFound with the nearest
        spellings, or Ambiguous with all candidates.
        """
        query = clean_query(text)
        if looks_like_coordinates(query):
            return place_at_coordinates(self.register, query)
        parsed = PlaceQuery.parse(query)
        found = self._find(parsed)
        if not found and (rest := without_street(query)):
            parsed = PlaceQuery.parse(rest)
            found = self._find(parsed)
        if len(found) == 1:
            return geocoded(found[0], "comune" if parsed.key else "postal_code")
        if found:
            raise Ambiguous(query, _geocoded_all(found[:MAX_CANDIDATES]))
        raise NotFound(query, _geocoded_all(self._nearest(parsed)))

    def suggest(self, prefix: str, limit: int = 8, prefer_province: str | None = None) -> list[GeocodedPlace]:
        """Places to offer while somebody types: names or postal codes that begin so, the most populous first.

        Names that hold the text in a later word follow. `prefer_province` (a sigla) puts its comuni
        before the others. Empty for an empty text.
        """
        found = self._suggestions.starting_with(prefix[:MAX_QUERY], prefer_province)
        if not found:
            parsed = PlaceQuery.parse(prefix[:MAX_QUERY])
            found = list(self._find(parsed)) if parsed.key else []
        return list(_geocoded_all(found[: max(0, limit)]))

    def _find(self, query: PlaceQuery) -> Comuni:
        """All comuni that a query may mean; none where postal code and name disagree."""
        if not query.key:
            return self.register.with_cap(query.cap) if query.cap else ()
        found = self._named(query)
        return _in_postal_zone(found, query.cap) if query.cap else found

    def _named(self, query: PlaceQuery) -> Comuni:
        """By name, and by province where the last words are one; the freer readings of the whole come last."""
        if found := self._by_whole_name(query.text):
            return found
        freer = (self._by_squeezed_name, self._by_loose_name, self._by_beginning)
        for name, territory in query.splits():
            siglas = self._siglas.get(territory) or self._siglas.get(loose_key(territory))
            if siglas is None:
                continue
            for search in (self._by_whole_name, *freer):
                if found := tuple(comune for comune in search(name) if comune.sigla in siglas):
                    return found
        return next((found for search in freer if (found := search(query.text))), ())

    def _by_whole_name(self, text: str) -> Comuni:
        found = self.register.spelt(key_of(text))
        if not found and (pattern := pattern_of(text)):
            found = self._where(pattern.fullmatch)
        return found

    def _by_squeezed_name(self, text: str) -> Comuni:
        # Never before a province has been looked for: "Cameri (NO)" is no Camerino.
        return self._by_squeezed.get(squeezed(key_of(text)), ())

    def _by_loose_name(self, text: str) -> Comuni:
        return self._by_loose.get(loose_key(key_of(text)), ())

    def _by_beginning(self, text: str) -> Comuni:
        """Names whose first whole words are these."""
        beginning = f"{key_of(text)} "
        found = self._where(lambda key: key.startswith(beginning))
        if not found and (pattern := pattern_of(f"{text} ")):
            found = self._where(
                lambda key: (match := pattern.match(key)) and key[match.end() :].startswith(" ")
            )
        return found

    def _where(self, holds: Callable[[str], object]) -> Comuni:
        return _ranked(
            comune for key, comune in zip(self._keys, self._comune_of_key, strict=True) if holds(key)
        )

    def _nearest(self, query: PlaceQuery) -> Comuni:
        """What an unknown place may have meant: the name in other provinces, the comuni of the postal code, longer names, nearest spellings."""
        names = [name for name, territory in query.splits() if loose_key(territory) in self._siglas]
        names.append(query.text)
        found: list[Comune] = [comune for name in names for comune in self._by_whole_name(name)]
        if query.cap:
            found += self.register.with_cap(query.cap)
        for name in names:
            if len(key_of(name)) >= MIN_BEGINNING:
                found += self._suggestions.starting_with(name)[:MAX_SUGGESTIONS]
            found += (
                self._comune_of_key[i] for i, _ in self._spelling.nearest(key_of(name), MAX_SUGGESTIONS)
            )
        return tuple(dict.fromkeys(found))[:MAX_SUGGESTIONS]


def geocoded(comune: Comune, precision: Precision = "comune") -> GeocodedPlace:
    """A comune as a geocoder answers it."""
    return GeocodedPlace(comune.label, comune.point, comune.istat, comune.sigla, precision)


def _geocoded_all(comuni: Iterable[Comune]) -> tuple[GeocodedPlace, ...]:
    return tuple(geocoded(comune) for comune in comuni)


def _ranked(comuni: Iterable[Comune]) -> Comuni:
    """Each comune once, the most populous first."""
    return tuple(sorted(set(comuni), key=lambda comune: (-comune.population, comune.istat)))


def _in_postal_zone(comuni: Comuni, cap: str) -> Comuni:
    """Those that use a postal code; else those of its zone, its first two digits: "24100 Bergamo" is still written.

    A comune whose postal codes are unknown is never excluded by one.
    """
    exact = tuple(comune for comune in comuni if cap in comune.caps)
    return exact or tuple(
        comune for comune in comuni if not comune.caps or any(own[:2] == cap[:2] for own in comune.caps)
    )


def _territories(register: ComuneRegister) -> dict[str, frozenset[str]]:
    """Key of a sigla, a province or a region (with and without little words) to the siglas it holds."""
    siglas: dict[str, set[str]] = defaultdict(set)
    for comune in register:
        names = (comune.sigla, *comune.province.split("/"), *comune.region.split("/"))
        for name in names:
            for key in (key_of(name), loose_key(key_of(name))):
                siglas[key].add(comune.sigla)
    return {key: frozenset(found) for key, found in siglas.items()}
