"""Public questions and answers on a demand, and its text to pass on."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.access import demand_page
from marketplace.page_address import whole_address
from marketplace.permissions import public, signed_in
from marketplace.proposals import queries, question_operations
from marketplace.proposals.blueprint import blueprint
from marketplace.proposals.forms import QuestionForm, ReplyForm
from marketplace.proposals.rules import takes_questions, takes_replies
from marketplace.proposals.standing import answering_organisations, names_of_lots


def _page(demand_id: int, form: QuestionForm, now, status: int = 200, wrong_reply=None):
    page = demand_page(db.session, current_user, demand_id, now)
    mine = answering_organisations(db.session, current_user, page.demand)
    return render_template(
        "proposals/questions.html",
        page=page,
        questions=queries.questions(db.session, current_user, demand_id),
        form=form,
        asking=mine if takes_questions(page.demand, page.state) else [],
        is_open=takes_questions(page.demand, page.state),
        may_reply=page.is_buyer and takes_replies(page.demand, page.state),
        wrong_reply=wrong_reply,
    ), status


@blueprint.get("/demands/<id:demand_id>/questions")
@public
def questions(demand_id):
    return _page(demand_id, QuestionForm(), utc_now())


@blueprint.post("/demands/<id:demand_id>/questions")
@signed_in
def ask(demand_id):
    form, now = QuestionForm(), utc_now()
    if not form.validate_on_submit():
        return _page(demand_id, form, now, 400)
    question_operations.ask_question(
        db.session, current_user, demand_id, request.form.get("as", ""), form.text.data, now=now
    )
    flash(_("Your question is there for everybody to read; nobody reads that it is yours."), "success")
    return redirect(url_for("proposals.questions", demand_id=demand_id))


@blueprint.post("/demands/<id:demand_id>/questions/<id:question_id>")
@signed_in
def reply(demand_id, question_id):
    form, now = ReplyForm(), utc_now()
    if not form.validate_on_submit():
        return _page(demand_id, QuestionForm(formdata=None), now, 400, wrong_reply=(question_id, form))
    question_operations.answer_question(
        db.session, current_user, demand_id, question_id, form.text.data, now=now
    )
    flash(_("Everybody reads your answer, and those concerned are told."), "success")
    return redirect(url_for("proposals.questions", demand_id=demand_id))


@blueprint.get("/demands/<id:demand_id>/share")
@public
def share(demand_id):
    page = demand_page(db.session, current_user, demand_id, utc_now())
    text = render_template(
        "proposals/share.txt",
        demand=page.demand,
        lots=list(zip(page.demand.lots, names_of_lots(page.demand), strict=True)),
        link=whole_address("demands.show", demand_id=demand_id),
    )
    return render_template("proposals/share.html", page=page, text=text.strip())
