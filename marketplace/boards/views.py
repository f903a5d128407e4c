"""The board of a co-programming or co-design: /demands/<id>/board, read by everybody."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.boards import operations, queries
from marketplace.boards.blueprint import blueprint
from marketplace.boards.forms import DocumentForm, MeetingForm, PartnerForm
from marketplace.boards.operations import MeetingValues
from marketplace.body_limits import at_most
from marketplace.clock import utc_now
from marketplace.converters import written_id
from marketplace.db import db
from marketplace.demands.access import DemandPage, demand_page
from marketplace.demands.attachment_operations import attachments_of
from marketplace.demands.models import DemandType
from marketplace.errors import Invalid, NotAllowed, NotFound
from marketplace.form_choices import choices
from marketplace.organisations.queries import active_organisations_of_editor
from marketplace.permissions import public, signed_in
from marketplace.upload_content import MAX_BYTES

#: The file and the fields around it.
UPLOAD_BYTES = MAX_BYTES + 256 * 1024


@blueprint.get("/demands/<id:demand_id>/board")
@public
def show(demand_id):
    return _board_page(_page(demand_id))


@blueprint.post("/demands/<id:demand_id>/board/join")
@signed_in
def join(demand_id):
    page = _page(demand_id)
    form = _partner_form(page)
    if form.validate_on_submit():
        try:
            operations.come_forward(
                db.session,
                current_user._get_current_object(),
                demand_id,
                form.organisation.data,
                form.contribution.data,
                now=utc_now(),
            )
        except Invalid as refused:
            field = form[refused.field] if refused.field in form else form.contribution
            field.errors = [*field.errors, refused.message]
        else:
            flash(_("You are on the board."), "success")
            return _back(demand_id)
    return _board_page(page, partner_form=form)


@blueprint.post("/demands/<id:demand_id>/board/leave")
@signed_in
def leave(demand_id):
    organisation_id = written_id(request.form.get("organisation", ""))
    if organisation_id is None:
        raise NotFound
    operations.step_back(
        db.session, current_user._get_current_object(), demand_id, organisation_id, now=utc_now()
    )
    flash(_("You have stepped back from the board."), "success")
    return _back(demand_id)


@blueprint.route("/demands/<id:demand_id>/board/meetings/new", methods=["GET", "POST"])
@signed_in
def new_meeting(demand_id):
    return _meeting(demand_id, None)


@blueprint.route("/demands/<id:demand_id>/board/meetings/<id:meeting_id>", methods=["GET", "POST"])
@signed_in
def edit_meeting(demand_id, meeting_id):
    return _meeting(demand_id, meeting_id)


@blueprint.post("/demands/<id:demand_id>/board/meetings/<id:meeting_id>/cancel")
@signed_in
def cancel_meeting(demand_id, meeting_id):
    operations.cancel_meeting(
        db.session, current_user._get_current_object(), demand_id, meeting_id, now=utc_now()
    )
    flash(_("Cancelled; those who take part are told."), "success")
    return _back(demand_id)


@blueprint.post("/demands/<id:demand_id>/board/documents")
@signed_in
@at_most(UPLOAD_BYTES)
def add_document(demand_id):
    page = _page(demand_id)
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            operations.add_document(
                db.session,
                current_user._get_current_object(),
                demand_id,
                form.document.sent,
                form.title.data,
                now=utc_now(),
            )
        except Invalid as refused:
            form.document.errors = [*form.document.errors, refused.message]
        else:
            flash(_("Added."), "success")
            return _back(demand_id)
    return _board_page(page, document_form=form)


def _meeting(demand_id: int, meeting_id: int | None):
    page = _page(demand_id)
    if not page.is_buyer:
        raise NotAllowed
    meeting = operations.meeting_of(db.session, page.demand, meeting_id) if meeting_id else None
    form = MeetingForm(obj=meeting)
    if form.validate_on_submit():
        values = MeetingValues(
            form.starts_at.data,
            form.ends_at.data,
            form.place.data or "",
            form.agenda.data or "",
            form.minutes.data or "",
        )
        try:
            operations.set_meeting(
                db.session,
                current_user._get_current_object(),
                demand_id,
                values,
                meeting_id=meeting_id,
                now=utc_now(),
            )
        except Invalid as refused:
            form[refused.field].errors = [*form[refused.field].errors, refused.message]
        else:
            flash(_("Saved."), "success")
            return _back(demand_id)
    return render_template("boards/meeting.html", page=page, form=form, meeting=meeting)


def _page(demand_id: int) -> DemandPage:
    page = demand_page(db.session, current_user, demand_id, utc_now())
    if page.demand.type != DemandType.CO_DESIGN:
        raise NotFound
    return page


def _partner_form(page: DemandPage) -> PartnerForm:
    form = PartnerForm()
    own = active_organisations_of_editor(db.session, current_user.id)
    form.organisation.choices = choices(
        (one.id, one.name) for one in own if one.id != page.demand.organisation_id
    )
    return form


def _board_page(page: DemandPage, *, partner_form=None, document_form=None):
    own = (
        {one.id for one in active_organisations_of_editor(db.session, current_user.id)}
        if current_user.is_authenticated
        else set()
    )
    partners = queries.partners(db.session, page.demand.id)
    able = own - {page.demand.organisation_id}
    forward = [partner for partner in partners if partner.organisation_id in able]
    if partner_form is None and able and page.state.takes_answers:
        partner_form = _partner_form(page)
        if len(able) == len(forward) == 1:
            partner_form.contribution.data = forward[0].contribution
    return render_template(
        "boards/show.html",
        page=page,
        partners=partners,
        is_forward=len(able) == len(forward) > 0,
        meetings=queries.meetings(db.session, page.demand.id),
        documents=attachments_of(db.session, page.demand),
        own=own,
        partner_form=partner_form,
        document_form=(document_form or DocumentForm()) if page.is_buyer else None,
    )


def _back(demand_id: int):
    return redirect(url_for("boards.show", demand_id=demand_id))
