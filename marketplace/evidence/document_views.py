"""Documents as they leave here: to whoever may read them, never run by the browser, never kept by it."""

import sqlalchemy as sa
from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Invalid
from marketplace.evidence import documents
from marketplace.evidence.blueprint import blueprint
from marketplace.evidence.forms import ReaderForm
from marketplace.file_answers import file_answer
from marketplace.organisations.evidence_models import Document
from marketplace.organisations.models import MemberRole, Organisation, Status
from marketplace.permissions import member_of, signed_in


@blueprint.get("/documents/<id:document_id>")
@signed_in
def document(document_id):
    found = documents.readable(db.session, current_user, document_id, utc_now())
    return file_answer(found.stored_as, found.media_type, f"{found.title} {found.id}")


@blueprint.post("/documents/<id:document_id>/readers")
@member_of(Document, "document_id", at_least=MemberRole.OWNER, active=False)
def allow(document):
    form = ReaderForm()
    organisation = db.session.get(Organisation, document.organisation_id)
    if form.validate_on_submit():
        try:
            other = documents.allow(
                db.session, current_user, document, _slug_of(form.organisation.data), now=utc_now()
            )
        except Invalid as refused:
            flash(refused.message, "danger")
        else:
            flash(_("%(name)s can read it now.", name=other.name), "success")
    else:
        flash(_("Write the name of the organisation."), "danger")
    return redirect(url_for("evidence.own", slug=organisation.slug, _anchor="documents"))


@blueprint.post("/documents/<id:document_id>/readers/<id:reader_id>/remove")
@member_of(Document, "document_id", at_least=MemberRole.OWNER, active=False)
def disallow(document, reader_id):
    documents.disallow(db.session, current_user, document, reader_id, now=utc_now())
    flash(_("They can no longer read it."), "success")
    return _to_own(document)


@blueprint.post("/documents/<id:document_id>/remove")
@member_of(Document, "document_id", active=False)
def remove(document):
    back = _to_own(document)
    documents.remove(db.session, current_user, document, now=utc_now())
    flash(_("Removed."), "success")
    return back


def _slug_of(text: str) -> str:
    """The address of the active organisation with this name or address; what is found by neither stays as it is."""
    found = db.session.scalar(
        sa.select(Organisation.slug).where(
            sa.func.lower(Organisation.name) == text.lower(), Organisation.status == Status.ACTIVE
        )
    )
    return found or text


def _to_own(document: Document) -> Response:
    organisation = db.session.get(Organisation, document.organisation_id)
    return redirect(url_for("evidence.own", slug=organisation.slug, _anchor="documents"))
