"""Opening an order: choose suppliers, say when and where, choose products, confirm."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.households.operations import is_group
from marketplace.orders import opening_operations, opening_queries, queries
from marketplace.orders.blueprint import blueprint
from marketplace.orders.forms import CycleForm
from marketplace.orders.models import OrderCycle
from marketplace.orders.products_form import read_products
from marketplace.orders.sources import SourceKey
from marketplace.permissions import member_of, signed_in

MAX_SOURCES = 20


@blueprint.route("/orders/new", methods=["GET", "POST"])
@signed_in
def new():
    groups = [group for group in queries.groups_of_editor(db.session, current_user) if is_group(group)]
    chosen = request.args.get("group", "")
    group = next(
        (one for one in groups if one.slug == chosen), groups[0] if len(groups) == 1 and not chosen else None
    )
    if group is None:
        if chosen and groups:
            raise NotFound
        return render_template("orders/choose_group.html", groups=groups)
    keys = _keys(request.args.getlist("source"))
    if not keys:
        return render_template(
            "orders/choose_source.html",
            group=group,
            lists=opening_queries.private_lists(db.session, group),
            suppliers=opening_queries.suppliers(db.session, group, request.args.get("q", "")[:80]),
            q=request.args.get("q", "")[:80],
        )
    form = CycleForm()
    if request.form.get("more"):
        form.add_place()
    elif form.validate_on_submit():
        try:
            cycle = opening_operations.draft_cycle(
                db.session,
                current_user,
                group,
                form.values(),
                keys,
                form.given_places(),
                every_weeks=form.every_weeks.data,
                now=utc_now(),
            )
        except Invalid as refused:
            _beside_its_field(form, refused)
        else:
            return redirect(url_for("orders.products", cycle_id=cycle.id))
    status = 400 if form.errors else 200
    names = opening_queries.source_names(db.session, group, keys)
    if request.method == "GET":
        form.title.data = ", ".join(names)[:160]
        form.propose(utc_now())
    return render_template("orders/cycle_form.html", form=form, group=group, names=names, cycle=None), status


def _keys(texts: list[str]) -> list[SourceKey]:
    found = []
    for text in texts[:MAX_SOURCES]:
        kind, _mark, number = text.partition("-")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            continue
        if kind == "list":
            found.append(SourceKey(private_list_id=int(number)))
        elif kind == "supplier":
            found.append(SourceKey(organisation_id=int(number)))
    return found


def _beside_its_field(form: CycleForm, refused: Invalid) -> None:
    if refused.field in form:
        form[refused.field].errors = [*form[refused.field].errors, refused.message]
    else:
        form.form_errors.append(refused.message)


@blueprint.route("/orders/<id:cycle_id>/edit", methods=["GET", "POST"])
@member_of(OrderCycle, "cycle_id")
def edit(order_cycle):
    own = next(group for group in order_cycle.groups if group.organisation_id == order_cycle.organisation_id)
    form = CycleForm(obj=order_cycle, places=[vars_of(place) for place in own.places])
    del form.every_weeks
    if request.form.get("more"):
        form.add_place()
    elif form.validate_on_submit():
        try:
            opening_operations.edit_cycle(
                db.session,
                current_user,
                order_cycle,
                form.values(),
                form.given_places(),
                _number(form.version.data),
                now=utc_now(),
            )
        except Invalid as refused:
            _beside_its_field(form, refused)
        else:
            return redirect(url_for("orders.show", cycle_id=order_cycle.id))
    status = 400 if request.method == "POST" else 200
    return render_template(
        "orders/cycle_form.html", form=form, group=None, names=[], cycle=order_cycle
    ), status


def vars_of(place) -> dict:
    return {name: getattr(place, name) for name in ("name", "address", "starts_at", "ends_at")}


def _number(text: object) -> int:
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@blueprint.route("/orders/<id:cycle_id>/products", methods=["GET", "POST"])
@member_of(OrderCycle, "cycle_id")
def products(order_cycle):
    problems: dict[int, str] = {}
    if request.method == "POST":
        chosen, problems = read_products(request.form, order_cycle.products)
        if not problems:
            try:
                opening_operations.choose_products(
                    db.session, current_user, order_cycle, chosen, now=utc_now()
                )
            except Invalid as refused:
                db.session.rollback()
                flash(refused.message, "danger")
            else:
                return redirect(url_for("orders.show", cycle_id=order_cycle.id))
    status = 400 if request.method == "POST" else 200
    return render_template("orders/products.html", cycle=order_cycle, problems=problems), status


@blueprint.post("/orders/<id:cycle_id>/confirm")
@member_of(OrderCycle, "cycle_id")
def confirm(order_cycle):
    try:
        opening_operations.confirm_cycle(db.session, current_user, order_cycle, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "danger")
    else:
        flash(_("The order is confirmed."), "success")
    return redirect(url_for("orders.show", cycle_id=order_cycle.id))
