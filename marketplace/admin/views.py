"""The secretariat's desk: what needs a decision, everything to decide on one page, delegations."""

from datetime import datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace import engines
from marketplace.admin import operations, queries, queues
from marketplace.admin.forms import DECIDED, VERDICTS, DecisionForm, DelegationForm
from marketplace.clock import utc_now
from marketplace.converters import written_page
from marketplace.db import db
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.explore.profile import area_in_words
from marketplace.explore.queries import claims_of
from marketplace.form_choices import choices
from marketplace.i18n import current_language
from marketplace.organisations import queries as organisation_queries
from marketplace.organisations.facts import facts
from marketplace.organisations.joining_models import Verdict
from marketplace.organisations.models import Organisation, Status
from marketplace.organisations.standing import handed_in, possible_verdicts
from marketplace.permissions import secretariat
from marketplace.rome_time import from_rome
from search.judging import rome_day

blueprint = Blueprint("admin", __name__)


@blueprint.get("/desk")
@secretariat
def desk():
    return render_template("admin/desk.html", sections=queues.sections(db.session, utc_now()))


@blueprint.get("/desk/organisations")
@secretariat
def organisations():
    words, status = request.args.get("q", "")[:100], request.args.get("status", "")
    page = request.args.get("page")
    found = queries.organisations(
        db.session,
        words=words,
        status=status if status in set(Status) else "",
        page=written_page(page),
    )
    return render_template(
        "admin/organisations.html",
        found=found,
        words_asked=words,
        status=status,
        statuses=status_names(),
        per_page=queries.PER_PAGE,
        comuni=engines.comuni(),
    )


@blueprint.route("/desk/organisations/<slug>", methods=["GET", "POST"])
@secretariat
def organisation(slug):
    found = queries.find_organisation(db.session, slug)
    if found is None:
        raise NotFound
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            operations.decide_organisation(
                db.session,
                current_user,
                found,
                Verdict(form.verdict.data),
                form.reason.data or "",
                seen=form.seen.data,
                now=utc_now(),
            )
        except Invalid as refused:
            form.reason.errors = [refused.message]
        except Conflict as refused:
            form.form_errors.append(refused.message)
        else:
            flash(_("Decided. The applicant is told by mail."), "success")
            return redirect(url_for("admin.desk"))
    return _page(found, form), (400 if form.errors else 200)


@blueprint.route("/desk/delegations", methods=["GET", "POST"])
@secretariat
def delegations():
    form = DelegationForm()
    form.network.choices = choices((network.id, network.name) for network in queries.networks(db.session))
    if form.validate_on_submit():
        try:
            operations.grant_delegation(
                db.session,
                current_user,
                form.network.data,
                form.criterion.data,
                form.sigle(),
                _end_of(form.until.data),
                now=utc_now(),
            )
        except Invalid as refused:
            form[refused.field].errors = [refused.message]
        else:
            flash(_("Delegated."), "success")
            return redirect(url_for("admin.delegations"))
    return render_template(
        "admin/delegations.html",
        form=form,
        delegations=queries.delegations(db.session, utc_now()),
        criteria=engines.criteria(),
    )


@blueprint.post("/desk/delegations/<id:delegation_id>/end")
@secretariat
def end_delegation(delegation_id):
    operations.end_delegation(db.session, current_user, delegation_id, now=utc_now())
    flash(_("Ended."), "success")
    return redirect(url_for("admin.delegations"))


def _page(found: Organisation, form: DecisionForm):
    now = utc_now()
    form.seen.data = handed_in(found)
    claims = [claim for group in claims_of(db.session, [found.id]).values() for claim in group]
    return render_template(
        "admin/organisation.html",
        organisation=found,
        form=form,
        verdicts=[(verdict, VERDICTS[verdict]) for verdict in possible_verdicts(found)],
        decided=DECIDED,
        decisions=queries.decisions(db.session, found.id),
        duplicates=organisation_queries.duplicates_of(db.session, found, seen_by_desk=True),
        members=organisation_queries.members(db.session, found.id),
        places=organisation_queries.production_places(db.session, found.id),
        areas=[area_in_words(area, engines.comuni()) for area in found.areas],
        facts=facts(claims, engines.criteria(), rome_day(now), current_language()),
        comune=engines.comuni().get(found.comune) if found.comune else None,
        comuni=engines.comuni(),
        legal_form=engines.legal_forms().get(found.legal_form),
        statuses=status_names(),
        panels=queues.panels(db.session, found, now),
        map_points=_map(found),
    )


def _map(found: Organisation) -> dict | None:
    """The seat and the places of production, for the map."""
    if found.lat is None:
        return None
    shown = [(f"seat-{found.id}", found.name, found.lat, found.lon)]
    shown += [
        (f"place-{place.id}", place.name, place.lat, place.lon)
        for place in organisation_queries.production_places(db.session, found.id)
    ]
    kind = next(iter(sorted(found.kind_codes)), "producer")
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": {"id": id_, "name": name, "kind": kind, "icon": "geo-alt"},
            }
            for id_, name, lat, lon in shown
        ],
    }


def status_names() -> dict[str, str]:
    return {
        Status.APPLICANT: _("asks to join"),
        Status.ACTIVE: _("active"),
        Status.ENROLLED: _("a person, enrolled"),
        Status.SUSPENDED: _("suspended"),
        Status.REFUSED: _("refused"),
    }


def _end_of(day) -> datetime | None:
    """The moment after the last one of a day in Europe/Rome."""
    return None if day is None else from_rome(datetime.combine(day + timedelta(days=1), time()))
