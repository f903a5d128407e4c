"""Needs that add up, and the map of what is missing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from geo.geojson import feature_collection, point_feature
from geo.points import Point
from marketplace import engines
from marketplace.catalogue.models import Offer
from marketplace.clock import utc_now
from marketplace.converters import written_id
from marketplace.db import db
from marketplace.demands.access import demand_page
from marketplace.demands.models import Demand, DemandType
from marketplace.demands.types import PUBLIC_TYPES
from marketplace.errors import Conflict, NotFound
from marketplace.i18n import current_language
from marketplace.permissions import member_of, public
from marketplace.pooling import operations, queries
from marketplace.pooling.blueprint import blueprint
from marketplace.pooling.missing import gaps
from search.judging import rome_day

#: What a public body is shown where groups add up (PRACTICE, Public buyers 8).
THRESHOLDS = ("direct_award_services", "eu_threshold_subcentral")


@blueprint.get("/demands/missing")
@public
def missing():
    found = gaps(db.session, utc_now())
    tree, language = engines.categories(), current_language()
    rows = [(number, gap, tree[gap.category]) for number, gap in enumerate(found, 1)]
    points = feature_collection(
        point_feature(
            Point(gap.lat, gap.lon),
            {
                "id": number,
                "name": category.label(language),
                "title": gap.place,
                "icon": category.icon,
                "text": ngettext("%(num)s request", "%(num)s requests", len(gap.demands)),
            },
            number,
        )
        for number, gap, category in rows
    )
    return render_template("pooling/missing.html", rows=rows, points=points)


@blueprint.get("/demands/<id:demand_id>/pooling")
@member_of(Demand, "demand_id")
def of_demand(demand):
    now = utc_now()
    page = demand_page(db.session, current_user, demand.id, now)
    if demand.type in PUBLIC_TYPES:
        law, day = engines.law(), rome_day(now)
        rows = [law.row_on(key, day) for key in THRESHOLDS if law.in_force(key, day)]
        return render_template("pooling/public_body.html", page=page, rows=rows)
    if demand.type != DemandType.NEED:
        raise NotFound
    found = [pool for pool in queries.open_pools(db.session, now) if demand.id in pool.demand_ids]
    return render_template(
        "pooling/of_demand.html",
        page=page,
        pools=[(pool, db.session.get_one(Offer, pool.supply.offer_id), _others(pool)) for pool in found],
        parts=queries.pooled_needs(db.session, demand.id),
        common=queries.common_needs_of(db.session, demand.id),
    )


@blueprint.post("/demands/<id:demand_id>/pooling/open")
@member_of(Demand, "demand_id")
def open_common(demand):
    offer_id = written_id(request.form.get("offer", ""))
    if offer_id is None:
        raise NotFound
    try:
        common = operations.open_common_need(
            db.session, current_user._get_current_object(), demand.id, offer_id, now=utc_now()
        )
    except Conflict as refused:
        flash(refused.message, "warning")
        return redirect(url_for("pooling.of_demand", demand_id=demand.id))
    flash(_("The common need is open, and the other groups are asked to agree."), "success")
    return redirect(url_for("pooling.of_demand", demand_id=common.id))


@blueprint.post("/demands/<id:demand_id>/pooling/<any(agree, leave):decision>")
@member_of(Demand, "demand_id")
def decide(demand, decision):
    common_id = written_id(request.form.get("common", ""))
    if common_id is None:
        raise NotFound
    operation = operations.agree if decision == "agree" else operations.leave
    operation(db.session, current_user._get_current_object(), common_id, demand.id, now=utc_now())
    flash(_("Saved."), "success")
    return redirect(url_for("pooling.of_demand", demand_id=demand.id))


def _others(pool) -> list[tuple[Demand, int]]:
    return [(db.session.get_one(Demand, need.demand_id), need.quantity) for need in pool.needs]
