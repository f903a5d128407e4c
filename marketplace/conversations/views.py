"""Conversations: all of somebody's, one of them, and those about one demand."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.body_limits import at_most
from marketplace.clock import utc_now
from marketplace.conversations import operations, queries
from marketplace.conversations.blueprint import blueprint
from marketplace.conversations.forms import MessageForm, StartForm
from marketplace.conversations.models import Conversation, Message
from marketplace.conversations.rules import WITHOUT_PRICES
from marketplace.conversations.sides import side_of
from marketplace.conversations.starting import choices_for
from marketplace.db import db, writing
from marketplace.demands.access import demand_page
from marketplace.demands.models import Demand
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.file_answers import file_answer
from marketplace.permissions import signed_in
from marketplace.proposals.deadline import moment_to_open
from marketplace.upload_content import MAX_BYTES

#: The file and the fields around it.
UPLOAD_BYTES = MAX_BYTES + 256 * 1024
PER_PAGE = 30
MAX_PAGE = 1000


@blueprint.get("/conversations")
@signed_in
def index():
    page = min(max(request.args.get("page", 1, type=int), 1), MAX_PAGE)
    rows, total = queries.own_conversations(
        db.session, current_user.id, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    return render_template("conversations/index.html", rows=rows, total=total, page=page, per_page=PER_PAGE)


@blueprint.route("/conversations/<id:conversation_id>", methods=["GET", "POST"])
@signed_in
@at_most(UPLOAD_BYTES)
def show(conversation_id):
    now = utc_now()
    person = current_user._get_current_object()
    conversation = db.session.get(Conversation, conversation_id)
    if conversation is None:
        raise NotFound
    side = side_of(db.session, person, conversation)
    demand = db.session.get_one(Demand, conversation.demand_id)
    form = MessageForm()
    if form.validate_on_submit():
        try:
            operations.write(
                db.session,
                person,
                conversation.id,
                text=form.text.data or "",
                file=form.document.sent,
                now=now,
            )
        except Invalid as refused:
            form.text.errors = [*form.text.errors, refused.message]
        else:
            flash(_("Sent."), "success")
            return redirect(url_for("conversations.show", conversation_id=conversation.id, _anchor="end"))
    page = render_template(
        "conversations/show.html",
        conversation=conversation,
        demand=demand,
        opposite=queries.opposite_name(db.session, side.opposite_id),
        messages=queries.messages(db.session, conversation, side.organisation_id),
        why_not=operations.why_not(db.session, demand, side.organisation_id, side.opposite_id, now),
        without_prices=demand.type in WITHOUT_PRICES,
        form=form,
    )
    if request.method == "GET":
        # what is shown is read; a short transaction of its own, so that the page itself takes no write lock
        last_at = conversation.last_at
        db.session.rollback()
        with writing():
            operations.mark_read(
                db.session, person, db.session.get_one(Conversation, conversation_id), last_at
            )
    return page


@blueprint.get("/messages/<id:message_id>/file")
@signed_in
def file(message_id):
    message = db.session.get(Message, message_id)
    if message is None or not message.stored_as:
        raise NotFound
    side_of(db.session, current_user, db.session.get_one(Conversation, message.conversation_id))
    return file_answer(
        message.stored_as, message.media_type, f"{message.file_name.rpartition('.')[0]} {message.id}"
    )


@blueprint.route("/demands/<id:demand_id>/messages", methods=["GET", "POST"])
@signed_in
@at_most(UPLOAD_BYTES)
def of_demand(demand_id):
    # its buyer is offered those who have answered
    now = moment_to_open(db.session, demand_id, utc_now)
    person = current_user._get_current_object()
    page = demand_page(db.session, person, demand_id, now)
    choices = choices_for(db.session, person, page, request.args.get("to", ""), now)
    form = StartForm()
    form.own.choices, form.other.choices = choices.own, choices.other
    if choices.may_start and form.validate_on_submit():
        try:
            conversation = operations.start(
                db.session,
                person,
                demand_id,
                organisation_id=form.own.data or None,
                other_id=form.other.data or None,
                text=form.text.data or "",
                file=form.document.sent,
                now=now,
            )
        except Invalid as refused:
            field = form[refused.field] if refused.field in form else form.text
            field.errors = [*field.errors, refused.message]
        except Conflict as refused:
            if refused.message:
                raise
            flash(_("This cannot be written about now: read why below."), "warning")
            return redirect(url_for("conversations.of_demand", demand_id=demand_id))
        else:
            flash(_("Sent."), "success")
            return redirect(url_for("conversations.show", conversation_id=conversation.id, _anchor="end"))
    rows, _total = queries.own_conversations(
        db.session, person.id, limit=operations.CONVERSATIONS_PER_DAY * 4, demand_id=demand_id
    )
    return render_template(
        "conversations/of_demand.html",
        page=page,
        rows=rows,
        choices=choices,
        form=form,
        without_prices=page.demand.type in WITHOUT_PRICES,
    )


@blueprint.app_template_global("unread_conversations")
def unread_conversations() -> int:
    """How many conversations have something new for who is signed in; asked once for a page."""
    if not current_user.is_authenticated:
        return 0
    if "unread_conversations" not in g:
        g.unread_conversations = queries.unread_count(db.session, current_user.id)
    return g.unread_conversations
