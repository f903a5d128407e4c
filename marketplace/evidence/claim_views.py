"""An organisation's own page of evidence: what it says of itself, with which proof, until when."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from marketplace import engines
from marketplace.body_limits import at_most
from marketplace.catalogue.unproven_descriptions import unproven_descriptions
from marketplace.catalogue.unproven_offers import draft_unproven_offers, unproven_offers
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Invalid
from marketplace.evidence import chain, operations, queries, withdrawing
from marketplace.evidence.blueprint import blueprint
from marketplace.evidence.card import card_lines
from marketplace.evidence.forms import ReaderForm
from marketplace.evidence.law_in_force import chain_rule, signed_declaration
from marketplace.evidence.proof_form import ProofFormBase, proof_form
from marketplace.evidence.written_visits import was_written_by_a_group
from marketplace.file_answers import made_file
from marketplace.organisations.models import Claim, MemberRole, Membership, Organisation
from marketplace.permissions import member_of
from marketplace.upload_content import MAX_BYTES
from search.criteria import Proof
from search.judging import rome_day

#: The document and the fields around it.
UPLOAD_BYTES = MAX_BYTES + 256 * 1024


@blueprint.get("/organisations/<slug>/evidence")
@member_of(Organisation, "slug", at_least=MemberRole.MEMBER, active=False)
def own(organisation):
    now = utc_now()
    role = db.session.get(Membership, (current_user.id, organisation.id)).role
    return render_template(
        "evidence/own.html",
        organisation=organisation,
        claims=queries.own_claims(db.session, organisation.id, now),
        documents=queries.documents_of(db.session, organisation.id),
        unproven=unproven_offers(db.session, now, organisation.id),
        said_of_itself=unproven_descriptions(db.session, now, organisation.id),
        card=card_lines(db.session, organisation.id, now),
        criteria=engines.criteria(),
        may_edit=role != MemberRole.MEMBER,
        owns=role == MemberRole.OWNER,
        reader_form=ReaderForm(),
        today=rome_day(now),
    )


@blueprint.route("/organisations/<slug>/evidence/new", methods=["GET", "POST"])
@member_of(Organisation, "slug", active=False)
@at_most(UPLOAD_BYTES)
def state(organisation):
    """Step by step by address: the criterion, then the proof, then what the proof carries."""
    criterion = engines.criteria().get(request.args.get("criterion", ""))
    if criterion is None:
        return render_template(
            "evidence/choose_criterion.html", organisation=organisation, criteria=engines.criteria()
        )
    asked = request.args.get("proof", "")
    if not criterion.admits(asked):
        if len(criterion.proofs) > 1:
            return render_template(
                "evidence/choose_proof.html", organisation=organisation, criterion=criterion
            )
        asked = next(iter(criterion.proofs))
    proof = Proof(asked)
    offers = queries.offers_to_choose(db.session, organisation.id)
    offer_id = _offer_asked({id_ for id_, _title in offers})
    form = _form(organisation, criterion, proof)
    if form.validate_on_submit():
        try:
            claim = operations.state_claim(
                db.session,
                current_user,
                organisation,
                criterion.code,
                proof,
                form.values(),
                offer_id=offer_id,
                now=utc_now(),
            )
        except Invalid as refused:
            _beside_field(form, refused)
        else:
            flash(_said(claim), "success")
            return redirect(url_for("evidence.own", slug=organisation.slug))
    return _form_page(organisation, criterion, proof, form, offers=offers, offer_id=offer_id)


@blueprint.route("/claims/<id:claim_id>/edit", methods=["GET", "POST"])
@member_of(Claim, "claim_id", active=False)
@at_most(UPLOAD_BYTES)
def edit(claim):
    organisation = db.session.get(Organisation, claim.organisation_id)
    criterion = engines.criteria().get(claim.criterion)
    if criterion is None or not criterion.admits(claim.proof):
        abort(404)
    if was_written_by_a_group(db.session, claim.id):
        abort(404)
    form = _form(organisation, criterion, Proof(claim.proof), claim)
    if form.validate_on_submit():
        verified = claim.verified_at is not None
        try:
            changed = operations.change_claim(db.session, current_user, claim, form.values(), now=utc_now())
        except Invalid as refused:
            _beside_field(form, refused)
        else:
            lost = changed and verified
            flash(_("Saved. As it has changed, it is checked again.") if lost else _("Saved."), "success")
            return redirect(url_for("evidence.own", slug=organisation.slug))
    return _form_page(organisation, criterion, Proof(claim.proof), form, claim=claim)


@blueprint.post("/claims/<id:claim_id>/withdraw")
@member_of(Claim, "claim_id", active=False)
def withdraw(claim):
    organisation = db.session.get(Organisation, claim.organisation_id)
    drafts = request.form.get("offers") == "draft"
    try:
        withdrawing.withdraw_claim(db.session, current_user, claim, now=utc_now(), draft_offers=drafts)
    except withdrawing.WordsStay as refused:
        criterion = engines.criteria().get(claim.criterion)
        page = render_template(
            "evidence/withdraw.html",
            organisation=organisation,
            claim=claim,
            criterion=criterion,
            offers=refused.offers,
        )
        return page, 409
    flash(_("It is no longer said."), "success")
    return redirect(url_for("evidence.own", slug=organisation.slug))


@blueprint.post("/organisations/<slug>/evidence/draft-offers")
@member_of(Organisation, "slug")
def draft_offers(organisation):
    """Offers whose words nothing proves any more, out of the catalogue at once."""
    offers = draft_unproven_offers(db.session, current_user, organisation, now=utc_now())
    flash(
        ngettext("%(num)s product is a draft now.", "%(num)s products are drafts now.", len(offers)),
        "success",
    )
    return redirect(url_for("evidence.own", slug=organisation.slug))


@blueprint.get("/claims/<id:claim_id>/declaration.pdf")
@member_of(Claim, "claim_id", active=False)
def declaration(claim):
    """The sheet to be signed, for claims with the proof ``signed``."""
    criterion = engines.criteria().get(claim.criterion)
    if claim.proof != Proof.SIGNED or criterion is None:
        abort(404)
    organisation = db.session.get(Organisation, claim.organisation_id)
    today = rome_day(utc_now())
    titles = dict(queries.offers_to_choose(db.session, organisation.id))
    # here: its library is slow to import
    from marketplace.evidence.declaration import declaration_pdf

    content = declaration_pdf(
        organisation,
        claim,
        criterion,
        engines.comuni(),
        signed_declaration(today),
        offer=titles.get(claim.offer_id),
        printed_on=today,
    )
    return made_file(content, "application/pdf", f"dichiarazione-{criterion.code.replace('_', '-')}.pdf")


def _form(organisation, criterion, proof, claim=None) -> ProofFormBase:
    return proof_form(
        criterion,
        proof,
        today=rome_day(utc_now()),
        claim=claim,
        documents=tuple(
            (document.id, document.title)
            for document, _readers, _used in queries.documents_of(db.session, organisation.id)
        ),
        declared_places=bool(
            criterion.code in chain.CHAIN_CRITERIA and chain.declared_places(db.session, organisation.id)
        ),
    )


def _form_page(organisation, criterion, proof, form, **context):
    today = rome_day(utc_now())
    places = chain.declared_places(db.session, organisation.id)
    return render_template(
        "evidence/proof_form.html",
        organisation=organisation,
        criterion=criterion,
        proof=proof,
        form=form,
        places=places,
        is_chain=criterion.code in chain.CHAIN_CRITERIA,
        rule=chain_rule(today) if criterion.code in chain.CHAIN_CRITERIA else None,
        law=signed_declaration(today) if proof == Proof.SIGNED else None,
        **context,
    )


def _offer_asked(own: set[int]) -> int | None:
    """The offer named in the address, of the organisation's own; any other is none."""
    text = request.values.get("offer", "")
    if text.isascii() and text.isdigit() and len(text) < 19 and int(text) in own:
        return int(text)
    if text:
        abort(404)
    return None


def _said(claim: Claim) -> str:
    if claim.proof == Proof.SIGNED and claim.document_id is None:
        return _("Written. Now print the declaration, sign it and add it here: then it is checked.")
    if claim.proof == Proof.DECLARED:
        return _("Written. It is shown as declared by you.")
    return _("Written. Until somebody checks it, it is shown as not checked.")


def _beside_field(form: ProofFormBase, refused: Invalid) -> None:
    if refused.field and refused.field in form:
        form[refused.field].errors = [*form[refused.field].errors, refused.message]
    else:
        form.form_errors.append(refused.message)
