"""Columns as plain arrays of numbers and bytes, to be written to a file and read again without pickles.

Texts are UTF-8 end to end in one array, with the positions at which each ends; polygons are WKB in
the same way. What can be computed again (the index of the areas, the order of the claims) is not stored.
"""

import io
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely

from geo.areas import Area, ComuniArea, PolygonArea, ProvinceArea, RadiusArea
from geo.points import Point
from search.area_parts import AreaParts
from search.claim_columns import CLAIM_TYPES, ClaimColumns
from search.columns import OFFER_TYPES, Columns, OfferColumns
from search.offer_areas import OfferAreas
from search.vocabulary import Tags, Vocabulary

FORMAT = 2
"""Raised by one whenever arrays of an older form can no longer be read."""

_SUPPLIER_ARRAYS = ("supplier_ids", "lats", "lons", "active")
_OFFER_AREAS = ("bounded", "offer", "area")
_KINDS_OF_AREA = (RadiusArea, ComuniArea, ProvinceArea, PolygonArea)

Arrays = Mapping[str, np.ndarray]


class UnreadableColumns(ValueError):
    """The arrays are not those of columns, or of another format."""


def columns_to_bytes(columns: Columns) -> bytes:
    """The columns as the content of an ``.npz`` file."""
    file = io.BytesIO()
    np.savez(file, **to_arrays(columns))
    return file.getvalue()


def columns_from_bytes(content: bytes) -> Columns:
    """What :func:`columns_to_bytes` wrote. Raises :class:`UnreadableColumns` for anything else."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return from_arrays(dict(arrays))
    except UnreadableColumns:
        raise
    except Exception as damage:  # zipfile, zlib, numpy and shapely each have errors of their own
        raise UnreadableColumns(str(damage)) from damage


def to_arrays(columns: Columns) -> dict[str, np.ndarray]:
    """The columns as arrays by name; none holds objects."""
    arrays = {"format": np.array(FORMAT)}
    arrays |= {name: getattr(columns, name) for name in _SUPPLIER_ARRAYS}
    arrays |= _texts_to_arrays("names", columns.names)
    arrays |= {f"offers.{name}": getattr(columns.offers, name) for name in OFFER_TYPES}
    for name in ("category_codes", "unit_codes"):
        arrays |= _texts_to_arrays(name, getattr(columns, name))
    for name in ("kinds", "qualifications"):
        tags = getattr(columns, name)
        arrays |= {f"{name}.holder": tags.holder, f"{name}.tag": tags.tag}
        arrays |= _texts_to_arrays(f"{name}.codes", tags.codes)
    for name in ("supplier_claims", "offer_claims"):
        claims = getattr(columns, name)
        arrays |= {f"{name}.{column}": getattr(claims, column) for column in CLAIM_TYPES}
        arrays |= _texts_to_arrays(f"{name}.codes", claims.codes)
    arrays |= {f"offer_areas.{name}": getattr(columns.offer_areas, name) for name in _OFFER_AREAS}
    return arrays | _areas_to_arrays(columns.areas.lists)


def from_arrays(arrays: Arrays) -> Columns:
    """The columns of such arrays, with one new index of all areas."""
    if "format" not in arrays or int(arrays["format"]) != FORMAT:
        raise UnreadableColumns("columns of another format")
    tags = {
        name: Tags(
            arrays[f"{name}.holder"], arrays[f"{name}.tag"], Vocabulary(_texts(arrays, f"{name}.codes"))
        )
        for name in ("kinds", "qualifications")
    }
    claims = {
        name: ClaimColumns(
            codes=Vocabulary(_texts(arrays, f"{name}.codes")),
            **{column: arrays[f"{name}.{column}"] for column in CLAIM_TYPES},
        )
        for name in ("supplier_claims", "offer_claims")
    }
    names = np.empty(len(arrays["supplier_ids"]), dtype=object)
    names[:] = _texts(arrays, "names")
    return Columns(
        **{name: arrays[name] for name in _SUPPLIER_ARRAYS},
        names=names,
        areas=AreaParts.build(_area_lists(arrays, len(names))),
        offers=OfferColumns(**{name: arrays[f"offers.{name}"] for name in OFFER_TYPES}),
        category_codes=Vocabulary(_texts(arrays, "category_codes")),
        unit_codes=Vocabulary(_texts(arrays, "unit_codes")),
        offer_areas=OfferAreas(**{name: arrays[f"offer_areas.{name}"] for name in _OFFER_AREAS}),
        **tags,
        **claims,
    )


def _areas_to_arrays(lists: Iterable[Sequence[Area]]) -> dict[str, np.ndarray]:
    owned = [(row, area) for row, areas in enumerate(lists) for area in areas]
    of_kind = {kind: [area for _, area in owned if isinstance(area, kind)] for kind in _KINDS_OF_AREA}
    circles = [(area.km, area.centre.lat, area.centre.lon) for area in of_kind[RadiusArea]]
    polygons = [shapely.to_wkb(area.polygon) for area in of_kind[PolygonArea]]
    return {
        "areas.owner": np.array([row for row, _ in owned], dtype=np.int32),
        "areas.kind": np.array([_KINDS_OF_AREA.index(type(area)) for _, area in owned], dtype=np.int8),
        "areas.circles": np.array(circles, dtype=np.float64).reshape(-1, 3),
        **_texts_to_arrays("areas.comuni", [",".join(sorted(area.codes)) for area in of_kind[ComuniArea]]),
        **_texts_to_arrays("areas.provinces", [area.sigla for area in of_kind[ProvinceArea]]),
        **_bytes_to_arrays("areas.polygons", polygons),
    }


def _area_lists(arrays: Arrays, suppliers: int) -> list[tuple[Area, ...]]:
    of_kind = (
        (RadiusArea(km, Point(lat, lon)) for km, lat, lon in arrays["areas.circles"].tolist()),
        (ComuniArea(frozenset(filter(None, text.split(",")))) for text in _texts(arrays, "areas.comuni")),
        (ProvinceArea(text) for text in _texts(arrays, "areas.provinces")),
        (PolygonArea(shapely.from_wkb(wkb)) for wkb in _pieces(arrays, "areas.polygons")),
    )
    lists: list[list[Area]] = [[] for _ in range(suppliers)]
    for owner, kind in zip(arrays["areas.owner"].tolist(), arrays["areas.kind"].tolist(), strict=True):
        lists[owner].append(next(of_kind[kind]))
    return [tuple(areas) for areas in lists]


def _texts_to_arrays(name: str, texts: Iterable[str]) -> dict[str, np.ndarray]:
    return _bytes_to_arrays(name, [text.encode() for text in texts])


def _bytes_to_arrays(name: str, pieces: Sequence[bytes]) -> dict[str, np.ndarray]:
    return {
        f"{name}.bytes": np.frombuffer(b"".join(pieces), dtype=np.uint8),
        f"{name}.ends": np.cumsum([len(piece) for piece in pieces], dtype=np.int64),
    }


def _texts(arrays: Arrays, name: str) -> list[str]:
    return [piece.decode() for piece in _pieces(arrays, name)]


def _pieces(arrays: Arrays, name: str) -> list[bytes]:
    content, ends = arrays[f"{name}.bytes"].tobytes(), arrays[f"{name}.ends"].tolist()
    return [content[start:end] for start, end in zip([0, *ends], ends, strict=False)]
