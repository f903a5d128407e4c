"""A purchasing group writes down its visit, a participatory guarantee its decision."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user
from wtforms.fields.choices import SelectChoice

from marketplace import engines, words
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.evidence import visits, written_visits
from marketplace.evidence.blueprint import blueprint
from marketplace.evidence.forms import VisitForm
from marketplace.i18n import current_language
from marketplace.organisations.models import MemberRole, Membership, Organisation
from marketplace.permissions import member_of, signed_in
from search.criteria import Proof


@blueprint.get("/organisations/<slug>/visits")
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER)
def visits_written(organisation):
    """What a group wrote down of others."""
    role = db.session.get(Membership, (current_user.id, organisation.id)).role
    return render_template(
        "evidence/visits.html",
        organisation=organisation,
        visits=written_visits.visits_of(db.session, organisation.id),
        criteria=engines.criteria(),
        may_edit=role != MemberRole.MEMBER,
    )


@blueprint.post("/claims/<id:claim_id>/take-back")
@signed_in
def take_back_visit(claim_id):
    group_id = written_visits.take_back_visit(db.session, current_user, claim_id, now=utc_now())
    flash(_("Taken back: it is no longer shown."), "success")
    group = db.session.get_one(Organisation, group_id)
    return redirect(url_for("evidence.visits_written", slug=group.slug))


@blueprint.route("/organisations/<slug>/visits/new", methods=["GET", "POST"])
@signed_in
def visit(slug):
    now = utc_now()
    visited = db.session.scalar(sa.select(Organisation).where(Organisation.slug == slug))
    groups = visits.signing_groups(db.session, current_user, visited, now) if visited else []
    if not groups:
        raise NotFound
    form = VisitForm()
    form.signer.choices = [
        SelectChoice(f"{group.id}:{proof}", f"{group.name} ({words.mid_sentence(words.PROOFS[proof])})")
        for group, proof in groups
    ]
    admitted = {
        criterion.code: criterion
        for _group, proof in groups
        for criterion in visits.criteria_admitting(proof)
    }
    form.criterion.choices = [
        SelectChoice(code, criterion.label(current_language())) for code, criterion in admitted.items()
    ]
    if form.validate_on_submit():
        group_id, _colon, proof = form.signer.data.partition(":")
        try:
            visits.record_visit(
                db.session,
                current_user,
                visited,
                int(group_id),
                Proof(proof),
                visits.Visit(form.criterion.data, form.day.data, form.notes.data, form.expires.data),
                now=now,
            )
        except Invalid as refused:
            field = form[refused.field]
            field.errors = [*field.errors, refused.message]
        except Conflict as refused:
            form.form_errors.append(refused.message)
        else:
            flash(_("Written down. It is shown with your group's name and the day."), "success")
            return redirect(url_for("explore.organisation", slug=visited.slug))
    return render_template("evidence/visit.html", organisation=visited, form=form)
