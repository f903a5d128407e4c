"""Writing an answer, lot by lot and criterion by criterion."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace import engines
from marketplace.catalogue.models import Offer, OfferStatus
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.access import DemandPage, demand_page
from marketplace.demands.models import Demand
from marketplace.demands.values import matchable
from marketplace.errors import Conflict, NotFound
from marketplace.i18n import current_language
from marketplace.organisations.facts import facts
from marketplace.organisations.models import Organisation
from marketplace.permissions import signed_in
from marketplace.proposals import operations, queries
from marketplace.proposals.answer_prices import proposed_lines
from marketplace.proposals.answer_values import AnswerValues
from marketplace.proposals.blueprint import blueprint
from marketplace.proposals.deadline import moment_to_answer
from marketplace.proposals.forms import AnswerForm, answer_form, fill, is_with_vat
from marketplace.proposals.models import Proposal
from marketplace.proposals.rules import (
    ASKS_EXPERIENCE,
    PRICED_TYPES,
    TAKES_PROPOSALS,
    Stage,
    stage,
    takes_proposals,
)
from marketplace.proposals.standing import (
    Standing,
    answering_organisations,
    claims_to_show,
    criteria_asked,
    names_of_lots,
    standing,
)
from marketplace.words import PROOFS, mid_sentence
from search.judging import rome_day


@blueprint.route("/demands/<id:demand_id>/answer", methods=["GET", "POST"])
@signed_in
def answer(demand_id):
    posted = request.method == "POST"
    now = moment_to_answer(db.session, demand_id, utc_now) if posted else utc_now()
    page = demand_page(db.session, current_user, demand_id, now)
    mine = answering_organisations(db.session, current_user, page.demand)
    if page.demand.type not in TAKES_PROPOSALS:
        raise NotFound
    slug = request.values.get("as")
    organisation = next((one for one in mine if slug in (None, one.slug)), None)
    if slug is not None and organisation is None:
        raise NotFound
    if organisation is None or (slug is None and len(mine) > 1):
        return render_template("proposals/choose_organisation.html", page=page, mine=mine), 200
    proposal = queries.proposal_with(db.session, demand_id, organisation.id)
    stands = standing(db.session, page.demand, organisation.id, now)
    leads = proposal is None or proposal.organisation_id == organisation.id
    form = _form(page.demand, organisation, leads, now)
    conflict = None
    if posted:
        # refused before anything that was typed is looked at
        operations.demand_to_answer(db.session, current_user, demand_id, organisation.slug, now)
        hand_in = request.form.get("do") == "hand_in"
        if form.validate_on_submit():
            values = form.values()
            handed_in = proposal is not None and stage(proposal, page.state) is Stage.HANDED_IN
            wrong = (
                operations.lacking_of(proposal, page.demand, organisation, values)
                if hand_in or handed_in
                else []
            )
            form.refuse(wrong)
            if not wrong:
                try:
                    saved = operations.save_proposal(
                        db.session,
                        current_user,
                        demand_id,
                        organisation.slug,
                        values,
                        version=form.seen_version,
                        hand_in=hand_in,
                        now=now,
                    )
                except Conflict as refused:
                    if refused.code not in ("changed_meanwhile", "partners_undecided"):
                        raise
                    db.session.rollback()
                    conflict = refused
                    page = demand_page(db.session, current_user, demand_id, now)
                    proposal = queries.proposal_with(db.session, demand_id, organisation.id)
                    if refused.code == "changed_meanwhile" and proposal is not None:
                        # whoever saves again has seen the other version above the form
                        form.version.data = form.version.raw_data = None
                        form.version.data = str(proposal.version)
                else:
                    flash(_saved(saved, page), "success")
                    return redirect(
                        url_for("proposals.answer", demand_id=demand_id, **{"as": organisation.slug})
                    )
    elif proposal is not None:
        fill(form, operations.values_of(proposal, organisation.id))
        form.version.data = str(proposal.version)
    else:
        fill(form, AnswerValues(lines=proposed_lines(db.session, page.demand, stands)))
    return _render(page, organisation, mine, proposal, form, stands, conflict, now)


@blueprint.post("/demands/<id:demand_id>/answer/withdraw")
@signed_in
def withdraw(demand_id):
    slug = request.form.get("as", "")
    operations.withdraw_proposal(
        db.session, current_user, demand_id, slug, now=moment_to_answer(db.session, demand_id, utc_now)
    )
    flash(_("Your answer has been taken back. You can hand it in again until the deadline."), "success")
    return redirect(url_for("proposals.answer", demand_id=demand_id, **{"as": slug}))


def _saved(proposal: Proposal, page: DemandPage) -> str:
    if stage(proposal, page.state) is Stage.HANDED_IN:
        return _("Handed in. You can change it or take it back until the deadline.")
    return _("Saved. Nobody else reads it until you hand it in.")


def _form(demand: Demand, organisation: Organisation, leads: bool, now: datetime) -> AnswerForm:
    language = current_language()
    offers = [
        (row.id, row.title)
        for row in db.session.query(Offer.id, Offer.title)
        .where(Offer.organisation_id == organisation.id, Offer.status == OfferStatus.PUBLISHED)
        .order_by(Offer.title, Offer.id)
    ]
    held = claims_to_show(db.session, demand, organisation.id, now)
    titles = dict(offers)
    claims = {}
    for code in criteria_asked(demand):
        criterion = engines.criteria().get(code)
        if criterion is None:
            continue
        found = []
        for claim in held:
            if claim.criterion != code:
                continue
            told = facts(
                [claim],
                engines.criteria(),
                rome_day(now),
                language,
                titles,
                at=matchable(demand).place,
            )
            if told:
                words = [str(PROOFS[told[0].proof]), told[0].text, told[0].offer or ""]
                found.append((claim.id, ", ".join(part for part in words if part)))
        claims[code] = (criterion.label(language), found)
    prompts = queries.prompts(db.session, demand.id)
    return answer_form(demand, offers=offers, claims=claims, prompts=prompts, leads=leads)()


def _render(
    page: DemandPage,
    organisation: Organisation,
    mine: list[Organisation],
    proposal: Proposal | None,
    form: AnswerForm,
    stands: Standing | None,
    conflict: Conflict | None,
    now: datetime,
):
    demand = page.demand
    where = stage(proposal, page.state) if proposal is not None else None
    invitations = [
        (id_, name, queries.row_for(db.session, db.session.get_one(Proposal, id_), organisation.id))
        for id_, name in queries.invitations(db.session, demand.id, organisation.id)
    ]
    wrong = bool(form.errors) or any(field.errors for field in form)
    html = render_template(
        "proposals/answer.html",
        page=page,
        organisation=organisation,
        mine=mine,
        proposal=proposal,
        row=queries.row_for(db.session, proposal, organisation.id) if proposal is not None else None,
        stage=where,
        leads=proposal is None or proposal.organisation_id == organisation.id,
        is_open=takes_proposals(demand, page.state),
        form=form,
        lots=list(zip(demand.lots, names_of_lots(demand), strict=True)),
        prompts=queries.prompts(db.session, demand.id),
        stands=stands,
        conflict=conflict,
        invitations=invitations,
        with_vat=is_with_vat(demand),
        priced=demand.type in PRICED_TYPES,
        asks_experience=demand.type in ASKS_EXPERIENCE,
        criteria=engines.criteria(),
        required={must["criterion"] for must in demand.required},
        mid_sentence=mid_sentence,
    )
    return html, 409 if conflict else 400 if wrong else 200
