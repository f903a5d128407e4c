"""Orders of other groups nearby: seeing them, asking to join, being admitted."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.orders import group_operations, nearby_queries, queries
from marketplace.orders.blueprint import blueprint
from marketplace.orders.forms import JoinForm, PlacesForm
from marketplace.orders.models import CycleGroup, OrderCycle
from marketplace.organisations.models import Organisation
from marketplace.permissions import member_of, signed_in


@blueprint.get("/orders/nearby")
@signed_in
def nearby():
    groups = queries.groups_of_editor(db.session, current_user)
    group = next(
        (one for one in groups if one.slug == request.args.get("group")), groups[0] if groups else None
    )
    found = nearby_queries.orders_near(db.session, group, utc_now()) if group else []
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
        group for group in queries.groups_of_editor(db.session, current_user) if group.id not in taking_part
    ]
    if not groups or not cycle.open_to_groups:
        raise NotFound
    form = JoinForm()
    form.group.choices = [(group.id, group.name) for group in groups]
    if request.form.get("more"):
        form.add_place()
    elif form.validate_on_submit():
        group = next(group for group in groups if group.id == form.group.data)
        taking = group_operations.ask_to_join(
            db.session,
            current_user,
            cycle,
            group,
            form.given_places(),
            form.message.data or "",
            now=now,
        )
        if taking.admitted_at is not None:
            flash(_("Your group takes part: its households can book."), "success")
            return redirect(url_for("orders.show", cycle_id=cycle_id))
        flash(_("The coordinator has been asked; you are told by mail."), "success")
        return redirect(url_for("orders.index"))
    status = 400 if form.errors else 200
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


@blueprint.post("/orders/<id:cycle_id>/groups/<id:group_id>/leave")
@signed_in
def leave(cycle_id, group_id):
    try:
        group_operations.leave_cycle(db.session, current_user, cycle_id, group_id, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
        return redirect(url_for("orders.show", cycle_id=cycle_id))
    flash(_("Your group no longer takes part in the order."), "success")
    return redirect(url_for("orders.index"))


@blueprint.route("/orders/<id:cycle_id>/groups/<id:group_id>/places", methods=["GET", "POST"])
@signed_in
def places(cycle_id, group_id):
    cycle, standing = queries.cycle_for(db.session, current_user, cycle_id, utc_now(), also_open=False)
    group = db.session.get(CycleGroup, group_id)
    if group is None or group_id not in standing.referente_of:
        raise NotFound
    form = PlacesForm(places=[vars_of(place) for place in group.places])
    if request.form.get("more"):
        form.add_place()
    elif form.validate_on_submit():
        try:
            group_operations.change_places(
                db.session, current_user, cycle_id, group_id, form.given_places(), now=utc_now()
            )
        except (Conflict, Invalid) as refused:
            db.session.rollback()
            form.places.errors = [refused.message]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("orders.show", cycle_id=cycle_id))
    organisation = db.session.get_one(Organisation, group.organisation_id)
    return render_template("orders/places.html", form=form, cycle=cycle, organisation=organisation), (
        400 if form.errors else 200
    )


def vars_of(place) -> dict:
    return {name: getattr(place, name) for name in ("name", "address", "starts_at", "ends_at")}
