"""What the suppliers of an order answered, for those who act for one of its groups: nobody's sums but their own are in it."""

from flask import render_template
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import NotFound
from marketplace.order_sheets import ready_text
from marketplace.order_sheets.answers import ordered_products
from marketplace.order_sheets.blueprint import blueprint
from marketplace.orders.queries import cycle_for
from marketplace.page_address import whole_address
from marketplace.permissions import signed_in


@blueprint.get("/orders/<id:cycle_id>/answers")
@signed_in
def answers(cycle_id):
    """Also for who coordinates, who decides elsewhere. Households read what they get on the order's page."""
    cycle, standing = cycle_for(db.session, current_user, cycle_id, utc_now(), also_open=False)
    if not standing.is_referente:
        raise NotFound
    parts = [(source, ordered_products(db.session, source)) for source in cycle.sources]
    return render_template(
        "order_sheets/answers.html",
        cycle=cycle,
        parts=parts,
        text=ready_text.ready(cycle, parts, whole_address("orders.book", cycle_id=cycle.id)),
    )
