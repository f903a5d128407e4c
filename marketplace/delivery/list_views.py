"""Lists on paper and as files: of one place, for its table; or a sheet for each household, for its box."""

from flask import render_template
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.delivery import chat_text, queries
from marketplace.delivery.access import hands_in
from marketplace.delivery.blueprint import blueprint
from marketplace.delivery.list_csv import list_csv
from marketplace.file_answers import made_file
from marketplace.i18n import current_language
from marketplace.permissions import signed_in


def _listed(cycle_id: int, place_id: int):
    hands = hands_in(db.session, current_user, cycle_id, utc_now())
    (listed,) = queries.place_lists(db.session, hands, only=hands.place(place_id).id)
    return hands.cycle, listed


@blueprint.get("/orders/<id:cycle_id>/delivery/<id:place_id>/print")
@signed_in
def printed(cycle_id, place_id):
    cycle, listed = _listed(cycle_id, place_id)
    return render_template(
        "delivery/print.html",
        cycle=cycle,
        list=listed,
        when=chat_text.when(cycle, listed),
        span=chat_text.span,
    )


@blueprint.get("/orders/<id:cycle_id>/delivery/<id:place_id>/<any(list, sheets):form>.pdf")
@signed_in
def as_pdf(cycle_id, place_id, form):
    # here: its library is slow to import
    from marketplace.delivery.list_pdf import list_pdf

    cycle, listed = _listed(cycle_id, place_id)
    content = list_pdf(cycle, listed, current_language(), sheets=form == "sheets", at=utc_now())
    return made_file(content, "application/pdf", f"consegna-{cycle_id}-{place_id}-{form}.pdf")


@blueprint.get("/orders/<id:cycle_id>/delivery/<id:place_id>/list.csv")
@signed_in
def as_csv(cycle_id, place_id):
    _cycle, listed = _listed(cycle_id, place_id)
    return made_file(list_csv(listed), "text/csv", f"consegna-{cycle_id}-{place_id}.csv")
