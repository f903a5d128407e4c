"""Checking what organisations say: the queue of whoever may, and one characteristic with its history."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Invalid
from marketplace.evidence import checking, queries
from marketplace.evidence.blueprint import blueprint
from marketplace.evidence.checking_queue import claims_to_check
from marketplace.evidence.forms import CheckForm
from marketplace.evidence.substance import fingerprint
from marketplace.i18n import current_language
from marketplace.organisations.evidence_models import Document
from marketplace.organisations.facts import facts
from marketplace.organisations.models import Organisation
from marketplace.permissions import is_desk, signed_in
from search.judging import rome_day


@blueprint.get("/checks")
@signed_in
def checks():
    now = utc_now()
    return render_template(
        "evidence/checks.html",
        waiting=claims_to_check(db.session, current_user, now),
        criteria=engines.criteria(),
        desk=is_desk(current_user),
    )


@blueprint.route("/claims/<id:claim_id>/check", methods=["GET", "POST"])
@signed_in
def check(claim_id):
    now = utc_now()
    claim, authority = checking.claim_to_check(db.session, current_user, claim_id, now)
    form = CheckForm()
    if form.validate_on_submit():
        try:
            checking.check_claim(
                db.session,
                current_user,
                claim_id,
                form.verdict.data,
                form.note.data or "",
                seen=form.seen.data or "",
                now=now,
            )
        except Invalid as refused:
            form.note.errors = [*form.note.errors, refused.message]
        else:
            flash(_("Noted."), "success")
            return redirect(url_for("evidence.checks"))
    form.seen.data = fingerprint(claim)
    network = authority.network_id and db.session.get(Organisation, authority.network_id)
    titles = dict(queries.offers_to_choose(db.session, claim.organisation_id))
    told = facts([claim], engines.criteria(), rome_day(now), current_language(), titles, whole=True)
    return render_template(
        "evidence/check.html",
        claim=claim,
        organisation=db.session.get(Organisation, claim.organisation_id),
        criterion=engines.criteria().get(claim.criterion),
        told=told,
        document=db.session.get(Document, claim.document_id) if claim.document_id else None,
        history_of=queries.checks_of(db.session, [claim.id])[claim.id],
        network=network,
        form=form,
    )
