"""Organisations as points of the map: GeoJSON whose properties the script of the map and others' programs read."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

from flask import current_app, url_for
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from geo.geojson import feature_collection, point_feature
from geo.points import Point
from marketplace.explore.queries import OrganisationRow
from marketplace.organisations.models import Kind
from search.queries import MapCluster

#: The colour of a point: the first of these that the organisation is.
_FOREMOST = tuple(kind.value for kind in Kind)


def foremost_kind(kinds: Collection[str]) -> str:
    return next((kind for kind in _FOREMOST if kind in kinds), "")


def organisation_point(row: OrganisationRow, folder: str, **properties) -> dict:
    """One placed organisation. The seat of an organisation is public; nobody's home is one.

    ``folder`` is the address below which organisations have their pages.
    """
    return point_feature(
        Point(row.lat, row.lon),
        {
            "id": row.id,
            "name": row.name,
            "slug": row.slug,
            "kind": foremost_kind(row.kinds),
            "kinds": list(row.kinds),
            "url": folder + quote(row.slug, safe=""),
            "demo": row.demo,
            **properties,
        },
        row.id,
    )


def points(
    rows: Iterable[OrganisationRow], properties: Mapping[int, Mapping] | None = None, **collection_members
) -> dict:
    """A FeatureCollection of the placed ones; ``properties`` are more of them, by organisation id."""
    more = properties or {}
    folder = _folder()
    return feature_collection(
        (organisation_point(row, folder, **more.get(row.id, {})) for row in rows if row.lat is not None),
        **collection_members,
    )


def points_text(rows: Iterable[OrganisationRow], properties: Mapping[int, Mapping]) -> Markup:
    """The same, written for a page.

    A page of results has up to 500 points, and the same organisations are on the next: each is written once.
    """
    folder = _folder()
    written = (
        _written(organisation_point(row, folder, **properties[row.id]))
        if row.id in properties
        else _remembered(row, folder)
        for row in rows
        if row.lat is not None
    )
    # each is safe already: joined as plain text, or every one would be looked at again
    return Markup(f'{{"features": [{", ".join(written)}], "type": "FeatureCollection"}}')


@lru_cache(maxsize=16_384)
def _remembered(row: OrganisationRow, folder: str) -> Markup:
    return _written(organisation_point(row, folder))


def _written(point: dict) -> Markup:
    return htmlsafe_json_dumps(point, dumps=current_app.json.dumps)


def _folder() -> str:
    # not url_for for each of hundreds: a page would spend a quarter of its time on that
    return url_for("explore.organisation", slug="-").removesuffix("-")


def cluster_points(clusters: Iterable[MapCluster], total: int) -> dict:
    """So many around a point, where there are too many to send each; ``total`` counts them all."""
    return feature_collection(
        (point_feature(cluster.point, {"cluster": True, "count": cluster.count}) for cluster in clusters),
        total=total,
        clustered=True,
    )
