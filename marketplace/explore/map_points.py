"""Organisations as points of the map: GeoJSON whose properties the script of the map and others' programs read."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from flask import url_for

from geo.geojson import feature_collection, point_feature
from geo.points import Point
from marketplace.explore.queries import OrganisationRow
from marketplace.organisations.models import Kind
from search.queries import MapCluster

#: The colour of a point: the first of these that the organisation is.
_FOREMOST = tuple(Kind)


def foremost_kind(kinds: Iterable[str]) -> str:
    held = frozenset(kinds)
    return next((kind.value for kind in _FOREMOST if kind in held), "")


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
    # not url_for for each of hundreds: a page would spend a quarter of its time on that
    folder = url_for("explore.organisation", slug="-").removesuffix("-")
    return feature_collection(
        (organisation_point(row, folder, **more.get(row.id, {})) for row in rows if row.lat is not None),
        **collection_members,
    )


def cluster_points(clusters: Iterable[MapCluster], total: int) -> dict:
    """So many around a point, where there are too many to send each; ``total`` counts them all."""
    return feature_collection(
        (point_feature(cluster.point, {"cluster": True, "count": cluster.count}) for cluster in clusters),
        total=total,
        clustered=True,
    )
