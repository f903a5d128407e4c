"""The card "Pronto per la PA": written by owners, read by everybody, printed for the clerk's file."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Invalid
from marketplace.evidence import card_operations
from marketplace.evidence.blueprint import blueprint
from marketplace.evidence.card import card_lines
from marketplace.evidence.card_kinds import CARD_KINDS
from marketplace.evidence.forms import RecordForm
from marketplace.explore.profile import place_name
from marketplace.explore.queries import active_organisation
from marketplace.file_answers import made_file
from marketplace.i18n import current_language
from marketplace.organisations.evidence_models import PublicRecord
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import member_of, public


@blueprint.get("/organisations/<slug>/public-bodies")
@public
def card(slug):
    organisation, lines = _published(slug)
    return render_template(
        "evidence/card.html",
        organisation=organisation,
        lines=lines,
        place=place_name(organisation, engines.comuni()),
        now=utc_now(),
    )


@blueprint.get("/organisations/<slug>/public-bodies.pdf")
@public
def card_sheet(slug):
    organisation, lines = _published(slug)
    # here: its library is slow to import
    from marketplace.evidence.card_sheet import card_pdf

    content = card_pdf(
        organisation,
        place_name(organisation, engines.comuni()),
        lines,
        utc_now(),
        url_for("evidence.card", slug=slug, _external=True),
        current_language(),
    )
    return made_file(content, "application/pdf", f"{slug}-pa.pdf")


@blueprint.route("/organisations/<slug>/public-bodies/edit", methods=["GET", "POST"])
@member_of(Organisation, "slug", at_least=MemberRole.OWNER, active=False)
def edit_card(organisation):
    form = RecordForm()
    if form.validate_on_submit():
        try:
            card_operations.add_record(db.session, current_user, organisation, form.values(), now=utc_now())
        except Invalid:
            form.form_errors.append(_("The card is full: remove a line first."))
        else:
            flash(_("Added: everybody can read it."), "success")
            return redirect(url_for("evidence.edit_card", slug=organisation.slug))
    return render_template(
        "evidence/edit_card.html",
        organisation=organisation,
        form=form,
        kinds=CARD_KINDS,
        lines=card_lines(db.session, organisation.id, utc_now()),
    )


@blueprint.post("/public-records/<id:record_id>/remove")
@member_of(PublicRecord, "record_id", at_least=MemberRole.OWNER, active=False)
def remove_record(public_record):
    organisation = db.session.get(Organisation, public_record.organisation_id)
    card_operations.remove_record(db.session, current_user, public_record, now=utc_now())
    flash(_("Removed."), "success")
    return redirect(url_for("evidence.edit_card", slug=organisation.slug))


def _published(slug: str):
    organisation = active_organisation(db.session, slug)
    lines = card_lines(db.session, organisation.id, utc_now()) if organisation else []
    if not lines:
        abort(404)
    return organisation, lines
