"""An order for a supplier who has no account, opened by the link of the mail."""

from flask import redirect, render_template, request, url_for

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.extensions import csrf
from marketplace.order_sheets import answer_page
from marketplace.order_sheets.access import source_of_token
from marketplace.order_sheets.answers import answer_by_link
from marketplace.order_sheets.blueprint import blueprint
from marketplace.order_sheets.queries import sheet_of
from marketplace.order_sheets.sending import decline_mails
from marketplace.order_sheets.sheet_answer import sheet_answer
from marketplace.permissions import public


@blueprint.get("/supplier-orders/<token>")
@public
def by_link(token):
    """Reading changes nothing, so that a mail scanner confirms nothing."""
    source, cycle = source_of_token(db.session, token, utc_now())
    return answer_page.show("order_sheets/by_link.html", source, cycle, token=token)


@blueprint.post("/supplier-orders/<token>")
@public
def answer_link(token):
    now = utc_now()
    source, _cycle = source_of_token(db.session, token, now)
    problems = answer_page.take(
        source, lambda answers, message: answer_by_link(db.session, token, answers, message, now=now)
    )
    if problems:
        source, cycle = source_of_token(db.session, token, now)
        page = answer_page.show("order_sheets/by_link.html", source, cycle, problems=problems, token=token)
        return page, 400
    return redirect(url_for("order_sheets.by_link", token=token))


@blueprint.get("/supplier-orders/<token>/order.<any(pdf, xlsx, gdxp):file_kind>")
@public
def link_file(token, file_kind):
    now = utc_now()
    source, cycle = source_of_token(db.session, token, now)
    return sheet_answer(sheet_of(db.session, cycle, source), file_kind, now)


@blueprint.route("/supplier-orders/<token>/stop", methods=["GET", "POST"])
@csrf.exempt
@public
def stop(token):
    """No more orders by mail: by the mail program's own button (RFC 8058), or by the one on the page."""
    now = utc_now()
    _source, cycle = source_of_token(db.session, token, now)
    if request.method == "POST":
        decline_mails(db.session, token, now=now)
    return render_template("order_sheets/stop.html", cycle=cycle, done=request.method == "POST", token=token)
