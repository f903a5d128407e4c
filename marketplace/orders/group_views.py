"""Orders of other groups nearby: seeing them, asking to join, being admitted."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, NotFound
from marketplace.households.operations import is_group
from marketplace.orders import group_operations, queries
from marketplace.orders.blueprint import blueprint
from marketplace.orders.forms import JoinForm
from marketplace.orders.models import OrderCycle
from marketplace.orders.opening_operations import Place
from marketplace.permissions import member_of, signed_in


@blueprint.get("/orders/nearby")
@signed_in
def nearby():
    groups = [group for group in queries.groups_of_editor(db.session, current_user) if is_group(group)]
    group = next(
        (one for one in groups if one.slug == request.args.get("group")), groups[0] if groups else None
    )
    found = queries.orders_near(db.session, group, utc_now()) if group else []
    return render_template(
        "orders/nearby.html", groups=groups, group=group, found=found, points=_points(found)
    )


def _points(found) -> dict:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [row.organisation.lon, row.organisation.lat]},
                "properties": {
                    "id": row.cycle.id,
                    "name": row.cycle.title,
                    "title": row.organisation.name,
                    "kind": "buying_group",
                    "icon": "basket2",
                    "url": url_for("orders.show", cycle_id=row.cycle.id),
                    "distance_km": row.km,
                },
            }
            for row in found
            if row.organisation.lat is not None
        ],
    }


@blueprint.route("/orders/<id:cycle_id>/join", methods=["GET", "POST"])
@signed_in
def join(cycle_id):
    now = utc_now()
    cycle, standing = queries.cycle_for(db.session, current_user, cycle_id, now)
    taking_part = {group.organisation_id for group in standing.groups}
    groups = [
        group
        for group in queries.groups_of_editor(db.session, current_user)
        if is_group(group) and group.id not in taking_part
    ]
    if not groups or not cycle.open_to_groups:
        raise NotFound
    form = JoinForm()
    form.group.choices = [(group.id, group.name) for group in groups]
    if form.validate_on_submit():
        group = next(group for group in groups if group.id == form.group.data)
        group_operations.ask_to_join(
            db.session,
            current_user,
            cycle,
            group,
            [Place(form.place.data, form.address.data or "")],
            form.message.data or "",
            now=now,
        )
        flash(_("The coordinator has been asked; you are told by mail."), "success")
        return redirect(url_for("orders.index"))
    status = 400 if request.method == "POST" else 200
    return render_template("orders/join.html", cycle=cycle, form=form), status


@blueprint.post("/orders/<id:cycle_id>/groups/<id:group_id>/<any(admit, refuse):answer>")
@member_of(OrderCycle, "cycle_id")
def answer_group(order_cycle, group_id, answer):
    cycle_id = order_cycle.id
    try:
        group_operations.answer_group(
            db.session, current_user, order_cycle, group_id, admitted=answer == "admit", now=utc_now()
        )
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    return redirect(url_for("orders.show", cycle_id=cycle_id, _anchor="groups"))
