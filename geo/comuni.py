"""The register of Italy's comuni: by code, by name, by postal code, by point.

Read once from `data/geo`; immutable afterwards and safe to share between threads.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

import numpy as np

from geo.areas import Place
from geo.boundaries import Boundaries
from geo.distance import haversine_km_many
from geo.names import spellings
from geo.points import Point

DATA = Path(__file__).resolve().parent.parent / "data" / "geo"

OFFSHORE_DEGREES = 0.01
"""So far outside a simplified province (a pier, a rounded coast) a point still belongs to it: about 1 km."""


@dataclass(frozen=True, slots=True)
class Comune:
    """A comune: ISTAT code (six digits), names, a point inside it (not the town hall), population, postal codes."""

    istat: str
    name: str
    province: str
    sigla: str
    region: str
    lat: float
    lon: float
    population: int
    caps: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name as shown and as read back: "Clusone (BG)"."""
        return f"{self.name} ({self.sigla})"

    @property
    def point(self) -> Point:
        """A point inside the comune."""
        return Point(self.lat, self.lon)

    @property
    def place(self) -> Place:
        """The comune as a place to deliver to: its point and codes."""
        return Place(self.point, self.istat, self.sigla)


@dataclass(frozen=True, slots=True)
class ComuneAt:
    """The comune of a point and how it was found.

    `boundary`: the point lies in its detailed boundary. `coarse_boundary`: in a simplified one;
    near a border it may be the neighbour. `nearest_centre`: its centre is the nearest of the province.
    """

    comune: Comune
    found_by: Literal["boundary", "coarse_boundary", "nearest_centre"]

    @property
    def approximate(self) -> bool:
        """Whether a person should confirm it."""
        return self.found_by != "boundary"


class ComuneRegister:
    """All comuni of Italy. Iterates in the order of the ISTAT code."""

    def __init__(self, comuni: list[Comune], boundaries: Path = DATA) -> None:
        """`boundaries` is the folder of the GeoJSON files; they are read when first needed."""
        self._comuni = tuple(sorted(comuni, key=lambda comune: comune.istat))
        self._boundaries = boundaries
        self._by_istat = {comune.istat: comune for comune in self._comuni}
        by_name, by_cap = defaultdict(list), defaultdict(list)
        for comune in self._comuni:
            for key in spellings(comune.name):
                by_name[key].append(comune)
            for cap in comune.caps:
                by_cap[cap].append(comune)
        self._by_name = {key: _populous_first(found) for key, found in by_name.items()}
        self._by_cap = {cap: _populous_first(found) for cap, found in by_cap.items()}
        self._lats = np.array([comune.lat for comune in self._comuni], dtype=np.float64)
        self._lons = np.array([comune.lon for comune in self._comuni], dtype=np.float64)
        self._siglas = np.array([comune.sigla for comune in self._comuni])

    @classmethod
    def load(cls, path: Path = DATA / "comuni.csv") -> Self:
        """Read `comuni.csv`; the boundaries are looked for beside it. About 0.1 s: load once a process."""
        with Path(path).open(encoding="utf-8", newline="") as file:
            comuni = [
                Comune(
                    row["istat"], row["name"], row["province"], row["sigla"], row["region"],
                    float(row["lat"]), float(row["lon"]), int(row["population"]), tuple(row["caps"].split()),
                )
                for row in csv.DictReader(file)
            ]  # fmt: skip
        return cls(comuni, Path(path).parent)

    def __len__(self) -> int:
        return len(self._comuni)

    def __iter__(self) -> Iterator[Comune]:
        return iter(self._comuni)

    def get(self, istat: str) -> Comune | None:
        """The comune of an ISTAT code of six digits, None where there is none."""
        return self._by_istat.get(istat)

    def spelt(self, key: str) -> tuple[Comune, ...]:
        """The comuni whose name, or either part of it where bilingual, has this key; the most populous first."""
        return self._by_name.get(key, ())

    def with_cap(self, cap: str) -> tuple[Comune, ...]:
        """The comuni that use a postal code, the most populous first."""
        return self._by_cap.get(cap, ())

    @cached_property
    def provinces(self) -> dict[str, str]:
        """Sigla to name of every province, in the order of the sigla."""
        return dict(sorted({comune.sigla: comune.province for comune in self._comuni}.items()))

    @cached_property
    def caps(self) -> tuple[str, ...]:
        """All postal codes, ascending."""
        return tuple(sorted(self._by_cap))

    def nearest(self, point: Point) -> Comune:
        """The comune whose point is the nearest by haversine. Says nothing about borders."""
        return self._comuni[int(np.argmin(haversine_km_many(point, self._lats, self._lons)))]

    def comune_of(self, point: Point) -> ComuneAt | None:
        """The comune that a point lies in and how that was found; None abroad and at sea.

        By the detailed boundaries of the province of Bergamo, else by the simplified ones of
        Lombardia, else the nearest centre of the province that the point lies in.
        """
        if istat := self._detailed.code_at(point):
            return ComuneAt(self._by_istat[istat], "boundary")
        if istat := self._coarse.code_at(point):
            return ComuneAt(self._by_istat[istat], "coarse_boundary")
        if sigla := self._provincial.nearest_code(point, OFFSHORE_DEGREES):
            of_province = np.flatnonzero(self._siglas == sigla)
            kms = haversine_km_many(point, self._lats[of_province], self._lons[of_province])
            return ComuneAt(self._comuni[of_province[int(np.argmin(kms))]], "nearest_centre")
        return None

    def read_boundaries(self) -> None:
        """Read the boundaries now (0.1 s), for a server that does it before its processes part."""
        _ = self._detailed, self._coarse, self._provincial

    @cached_property
    def _detailed(self) -> Boundaries:
        return Boundaries.load(self._boundaries / "comuni_bergamo.geojson", "istat")

    @cached_property
    def _coarse(self) -> Boundaries:
        return Boundaries.load(self._boundaries / "comuni_lombardia.geojson", "istat")

    @cached_property
    def _provincial(self) -> Boundaries:
        return Boundaries.load(self._boundaries / "province_italia.geojson", "sigla")


def _populous_first(comuni: list[Comune]) -> tuple[Comune, ...]:
    return tuple(sorted(comuni, key=lambda comune: (-comune.population, comune.istat)))
