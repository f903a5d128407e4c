"""Where the invented organisations sit: somewhere inside their real comune, never at a real address."""

from __future__ import annotations

import json
from functools import cached_property
from math import cos, radians
from pathlib import Path

import shapely
from shapely.geometry import shape

from district.chance import chance
from geo.comuni import Comune, ComuneRegister
from geo.distance import haversine_km
from geo.gazetteer import Gazetteer

SPREAD_KM = 0.8
KM_PER_DEGREE = 111.2
HOME = "BG"


class Geography:
    """The comuni by name, the polygons of those of the province, and who is near whom."""

    def __init__(self, data: Path):
        self.register = ComuneRegister.load(data / "comuni.csv")
        self._gazetteer = Gazetteer(self.register)
        self._path = data / "comuni_bergamo.geojson"

    def comune(self, name: str) -> Comune:
        """The comune of a name; in the province of Bergamo where several share it."""
        for text in (f"{name} ({HOME})", name):
            try:
                return self.register.get(self._gazetteer.geocode(text).comune)
            except LookupError:
                continue
        raise LookupError(name)

    @cached_property
    def polygons(self) -> dict[str, shapely.Geometry]:
        features = json.loads(self._path.read_text(encoding="utf-8"))["features"]
        return {feature["properties"]["istat"]: shape(feature["geometry"]) for feature in features}

    def seat(self, comune: Comune, who: str) -> tuple[float, float]:
        """Latitude and longitude near the comune's point, inside its polygon where that is known."""
        dice = chance("seat", who)
        polygon = self.polygons.get(comune.istat)
        for _ in range(200):
            lat = comune.lat + dice.gauss(0, SPREAD_KM) / KM_PER_DEGREE
            lon = comune.lon + dice.gauss(0, SPREAD_KM) / (KM_PER_DEGREE * cos(radians(comune.lat)))
            if polygon is None or shapely.intersects_xy(polygon, lon, lat):
                return round(lat, 5), round(lon, 5)
        return comune.lat, comune.lon

    def near(self, comune: Comune, km: float) -> list[Comune]:
        """The comuni of the province within so many kilometres, the nearest first."""
        found = [
            (haversine_km(comune.point, other.point), other.istat, other)
            for other in self.register
            if other.sigla == HOME
        ]
        return [other for distance, _, other in sorted(found, key=lambda item: item[:2]) if distance <= km]

    def outline(self, comuni: list[Comune]) -> str:
        """One drawn shape around several comuni, as GeoJSON with few vertices."""
        hull = shapely.union_all([self.polygons[one.istat] for one in comuni]).buffer(0.01).simplify(0.012)
        if hull.geom_type != "Polygon":
            hull = hull.convex_hull
        hull = shapely.set_precision(shapely.Polygon(hull.exterior), 0.0001)
        return json.dumps(json.loads(shapely.to_geojson(hull)), separators=(",", ":"))
