"""The list of a place on a phone: plain forms, one a household; with script each tick is kept and sent by itself."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.accounts.models import User
from marketplace.body_limits import at_most
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.delivery import chat_text, offline_views, operations, queries, wording
from marketplace.delivery.access import hands_in
from marketplace.delivery.actions import Kind, from_form, from_json, move_from_form
from marketplace.delivery.blueprint import blueprint
from marketplace.delivery.outcomes import Outcome
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.formats import money
from marketplace.households.models import Household
from marketplace.json_bodies import read_object, takes_json
from marketplace.orders.booking_models import Allotment, Basket
from marketplace.orders.lifecycle import state
from marketplace.orders.models import CycleProduct, OrderCycle
from marketplace.orders.sentences import STATES
from marketplace.permissions import member_of, signed_in

MAX_BODY = 64 * 1024


@blueprint.get("/orders/<id:cycle_id>/delivery")
@signed_in
def index(cycle_id):
    now = utc_now()
    hands = hands_in(db.session, current_user, cycle_id, now)
    lists = queries.place_lists(db.session, hands)
    own = [one for one in lists if one.is_referente]
    return render_template(
        "delivery/index.html",
        hands=hands,
        cycle=hands.cycle,
        state=state(hands.cycle, now),
        STATES=STATES,
        lists=lists,
        text=chat_text.who_collects(hands.cycle, own) if own else "",
        events=queries.events_of(db.session, list(hands.standing.referente_of)),
        wording=wording,
        unweighed=sum(row.is_estimated for one in lists for row in one.rows),
    )


@blueprint.get("/orders/<id:cycle_id>/delivery/<id:place_id>")
@signed_in
def night(cycle_id, place_id):
    now = utc_now()
    response = make_response(_page(cycle_id, place_id, now=now))
    if db.session.get_one(OrderCycle, cycle_id).delivered_at is None:
        offline_views.may_be_kept(response, current_user)
    return response


def _page(cycle_id: int, place_id: int, *, now, problems=None, basket_id: int | None = None):
    hands = hands_in(db.session, current_user, cycle_id, now)
    place = hands.place(place_id)
    (listed,) = queries.place_lists(db.session, hands, only=place.id)
    return render_template(
        "delivery/night.html",
        cycle=hands.cycle,
        state=state(hands.cycle, now),
        now=now,
        made=milliseconds(now),
        list=listed,
        key=secrets.token_urlsafe(12),
        typed=wording.typed,
        Kind=Kind,
        problems=problems or [],
        wrong_basket=basket_id,
        opened=request.args.get("open", ""),
        form=request.form if problems else {},
    )


@blueprint.post("/orders/<id:cycle_id>/delivery/<id:place_id>/<id:basket_id>")
@signed_in
def save(cycle_id, place_id, basket_id):
    products = db.session.scalars(
        sa.select(Allotment.product_id).where(Allotment.basket_id == basket_id)
    ).all()
    return _take(cycle_id, place_id, basket_id, from_form(request.form, basket_id, products))


@blueprint.post("/orders/<id:cycle_id>/delivery/<id:place_id>/<id:basket_id>/move")
@signed_in
def move(cycle_id, place_id, basket_id):
    return _take(cycle_id, place_id, basket_id, [move_from_form(request.form, basket_id)])


def _take(cycle_id: int, place_id: int, basket_id: int, actions):
    now = utc_now()
    hands = hands_in(db.session, current_user, cycle_id, now)
    hands.place(place_id)
    if operations.basket_for(db.session, hands, basket_id) is None:
        raise NotFound
    db.session.rollback()
    answers = operations.record_actions(db.session, current_user, cycle_id, actions, now=now)
    if any(answer.outcome is Outcome.NOT_FOUND for answer in answers):
        raise NotFound
    told = _told(actions, answers)
    problems = [told[i] for i, answer in enumerate(answers) if answer.outcome is Outcome.INVALID]
    if problems:
        return _page(cycle_id, place_id, now=now, problems=problems, basket_id=basket_id), 400
    for sentence in filter(None, told):
        flash(sentence, "warning")
    if not any(told):
        flash(_("Saved."), "success")
    return redirect(
        url_for(
            "delivery.night", cycle_id=cycle_id, place_id=place_id, open=basket_id, _anchor=f"b{basket_id}"
        )
    )


@blueprint.post("/orders/<id:cycle_id>/delivery/actions")
@signed_in
@at_most(MAX_BODY)
@takes_json
def take_actions(cycle_id):
    """What a phone had kept: ``{"place", "actions"}`` to ``{"at", "answers", "baskets"}``; each key is answered once and for all."""
    hands = hands_in(db.session, current_user, cycle_id, utc_now())
    try:
        sent = read_object(request)
        actions = from_json(sent)
        place = hands.place(sent["place"])
    except (ValueError, KeyError):
        raise Invalid(code="invalid", field="actions") from None
    db.session.rollback()
    answers = operations.record_actions(db.session, current_user, cycle_id, actions, now=utc_now())
    told = _told(actions, answers)
    # after the commit and before reading: a page that was made at this moment or later shows all of it
    at = utc_now()
    hands = hands_in(db.session, current_user, cycle_id, at)
    (listed,) = queries.place_lists(db.session, hands, only=place.id)
    return jsonify(
        {
            "at": milliseconds(at),
            "answers": [
                {
                    "key": answer.key,
                    "outcome": answer.outcome,
                    "now": answer.now,
                    "typed": wording.typed(action.kind, answer.now),
                    "message": message,
                }
                for action, answer, message in zip(actions, answers, told, strict=True)
            ],
            "baskets": {
                row.basket.id: {
                    "ticked": row.ticked,
                    "total": money(row.total.amount) if listed.shows_money else "",
                    "due": wording.typed(Kind.PAID, max(0, row.total.amount)),
                    "due_shown": money(max(0, row.total.amount)) if listed.shows_money else "",
                }
                for row in listed.rows
            },
        }
    )


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _told(actions, answers) -> list[str]:
    """A sentence for each, empty where all is well; names only of what the answer says was theirs to see."""
    seen = {answer.basket for answer in answers if answer.basket is not None}
    names = dict(
        tuple(row)
        for row in db.session.execute(
            sa.select(Basket.id, Household.name)
            .join(Household, Household.id == Basket.household_id)
            .where(Basket.id.in_(seen))
        )
    )
    ids = {action.product for action, answer in zip(actions, answers, strict=True) if answer.basket in seen}
    products = {
        product.id: product
        for product in db.session.scalars(sa.select(CycleProduct).where(CycleProduct.id.in_(ids - {None})))
    }
    wrote = {answer.by for answer in answers} - {None}
    people = dict(
        tuple(row) for row in db.session.execute(sa.select(User.id, User.name).where(User.id.in_(wrote)))
    )
    return [
        wording.told(action, answer, names.get(answer.basket, ""), products, people, current_user.id)
        for action, answer in zip(actions, answers, strict=True)
    ]


@blueprint.post("/orders/<id:cycle_id>/delivery/done")
@member_of(OrderCycle, "cycle_id")
def done(order_cycle):
    cycle_id = order_cycle.id
    try:
        operations.mark_delivered(db.session, current_user, cycle_id, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
        return redirect(url_for("orders.show", cycle_id=cycle_id))
    flash(
        _("The order is delivered: everybody is told. What is changed from now on is a correction."),
        "success",
    )
    return redirect(url_for("delivery.index", cycle_id=cycle_id))
