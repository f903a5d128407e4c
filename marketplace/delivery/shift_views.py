"""Shifts: who hands out where and when."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.converters import written_id
from marketplace.db import db
from marketplace.delivery import chat_text, shift_operations
from marketplace.delivery.access import hands_in
from marketplace.delivery.blueprint import blueprint
from marketplace.delivery.forms import ShiftForm
from marketplace.delivery.shift_queries import shifts_for
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.permissions import signed_in


@blueprint.route("/orders/<id:cycle_id>/shifts", methods=["GET", "POST"])
@signed_in
def shifts(cycle_id):
    now = utc_now()
    cycle, _standing, places = shifts_for(db.session, current_user, cycle_id, now)
    mine = [one for one in places if one.is_referente]
    if request.method == "POST" and not mine:
        raise NotFound
    form = ShiftForm()
    form.place.choices = [(one.place.id, one.place.name) for one in mine]
    form.household.choices = [(0, _("nobody yet"))] + [
        (household.id, household.name)
        for household in {household.id: household for one in mine for household in one.all}.values()
    ]
    status = 200
    if form.validate_on_submit():
        try:
            shift_operations.add_shift(
                db.session,
                current_user,
                cycle_id,
                form.place.data,
                starts_at=form.starts_at.data,
                ends_at=form.ends_at.data,
                note=form.note.data or "",
                household_id=form.household.data or None,
                now=now,
            )
        except Invalid as refused:
            db.session.rollback()
            form.ends_at.errors = [refused.message]
            status = 400
        else:
            flash(_("The shift is there."), "success")
            return redirect(url_for("delivery.shifts", cycle_id=cycle_id))
    elif request.method == "POST":
        status = 400
    elif mine:
        place = mine[0].place
        form.starts_at.data = place.starts_at or cycle.delivery_from
        form.ends_at.data = place.ends_at or cycle.delivery_until
    page = render_template(
        "delivery/shifts.html",
        cycle=cycle,
        places=places,
        form=form if mine else None,
        now=now,
        span=chat_text.span,
        hands_out=_hands_out(cycle_id, now),
    )
    return page, status


def _hands_out(cycle_id: int, now) -> bool:
    try:
        return bool(hands_in(db.session, current_user, cycle_id, now).places)
    except (NotFound, Conflict):
        return False


@blueprint.route("/orders/<id:cycle_id>/shifts/<id:shift_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_shift(cycle_id, shift_id):
    """Other hours, another note; by a referente of the shift's group."""
    now = utc_now()
    cycle, _standing, places = shifts_for(db.session, current_user, cycle_id, now)
    found = [
        (one.place, shift)
        for one in places
        if one.is_referente
        for shift, _name in one.shifts
        if shift.id == shift_id
    ]
    if not found:
        raise NotFound
    place, shift = found[0]
    form = ShiftForm(obj=shift)
    del form.place, form.household
    if form.validate_on_submit():
        try:
            shift_operations.edit_shift(
                db.session,
                current_user,
                cycle_id,
                shift_id,
                starts_at=form.starts_at.data,
                ends_at=form.ends_at.data,
                note=form.note.data or "",
                now=now,
            )
        except Invalid as refused:
            db.session.rollback()
            form.ends_at.errors = [refused.message]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("delivery.shifts", cycle_id=cycle_id))
    status = 400 if request.method == "POST" else 200
    return render_template("delivery/shift_form.html", cycle=cycle, place=place, form=form), status


@blueprint.post("/orders/<id:cycle_id>/shifts/<id:shift_id>/<any(take, leave, put, remove):turn>")
@signed_in
def change_shift(cycle_id, shift_id, turn):
    now = utc_now()
    try:
        if turn == "remove":
            shift_operations.remove_shift(db.session, current_user, cycle_id, shift_id, now=now)
        else:
            household_id = written_id(request.form.get("household", ""))
            if turn == "take" and household_id is None:
                raise NotFound
            shift_operations.put_on_shift(
                db.session,
                current_user,
                cycle_id,
                shift_id,
                None if turn == "leave" else household_id,
                now=now,
            )
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("delivery.shifts", cycle_id=cycle_id))
