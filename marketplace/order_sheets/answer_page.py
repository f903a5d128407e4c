"""The page on which a supplier reads an order and answers it, the same with an account and with a link."""

from flask import flash, render_template, request
from flask_babel import gettext as _

from marketplace.db import db
from marketplace.errors import Conflict, Invalid
from marketplace.order_sheets.answers import ordered_products
from marketplace.order_sheets.forms import NEW, read_answers, read_message
from marketplace.order_sheets.queries import sheet_of
from marketplace.orders.models import CycleSource, OrderCycle


def show(template: str, source: CycleSource, cycle: OrderCycle, *, problems=None, **more):
    return render_template(
        template,
        source=source,
        cycle=cycle,
        sheet=sheet_of(db.session, cycle, source),
        ordered=ordered_products(db.session, source),
        sealed=cycle.delivered_at is not None
        or cycle.settled_at is not None
        or cycle.cancelled_at is not None,
        problems=problems or {},
        NEW=NEW,
        **more,
    )


def take(source: CycleSource, answer) -> dict[int, str]:
    """What the form says, by ``answer(answers, message)``; what is wrong, by product, empty where all was taken."""
    answers, problems = read_answers(request.form, ordered_products(db.session, source))
    if problems:
        return problems
    try:
        new = answer(answers, read_message(request.form))
    except Invalid as refused:
        db.session.rollback()
        return {int(refused.field): refused.message}
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
    else:
        flash(
            _("Thank you: the group has your answer.") if new else _("We had this answer already."), "success"
        )
    return {}
