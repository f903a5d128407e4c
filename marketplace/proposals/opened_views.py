"""What the buyer reads of the answers: how many, and after the deadline what they say."""

from flask import render_template
from flask_security import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.access import demand_page
from marketplace.errors import NotFound
from marketplace.permissions import signed_in
from marketplace.proposals import queries
from marketplace.proposals.blueprint import blueprint
from marketplace.proposals.deadline import moment_to_open
from marketplace.proposals.forms import is_with_vat
from marketplace.proposals.rules import TAKES_PROPOSALS, may_open
from marketplace.proposals.standing import names_of_lots


@blueprint.get("/demands/<id:demand_id>/answers")
@signed_in
def answers(demand_id):
    now = moment_to_open(db.session, demand_id, utc_now)
    page = demand_page(db.session, current_user, demand_id, now)
    demand = page.demand
    if not page.is_buyer or demand.type not in TAKES_PROPOSALS:
        raise NotFound
    is_opened = may_open(demand, page.state)
    return render_template(
        "proposals/answers.html",
        page=page,
        is_opened=is_opened,
        count=queries.count_handed_in(db.session, demand_id),
        rows=queries.opened(db.session, current_user, demand, now) if is_opened else (),
        lots=list(zip(demand.lots, names_of_lots(demand), strict=True)),
        prompts=queries.prompts(db.session, demand_id),
        with_vat=is_with_vat(demand),
        criteria=engines.criteria(),
    )
