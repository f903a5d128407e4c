"""Colleagues: who belongs to an organisation, who is invited, roles, leaving."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict, NotFound, NotSignedIn
from marketplace.organisations import invitations, members_operations, queries
from marketplace.organisations.blueprint import blueprint
from marketplace.organisations.joining_models import Invitation
from marketplace.organisations.members_forms import InvitationForm, RoleForm
from marketplace.organisations.models import MemberRole, Organisation
from marketplace.permissions import member_of, public, signed_in

MEMBER = {"at_least": MemberRole.MEMBER, "active": False}
OWNER = {"at_least": MemberRole.OWNER, "active": False}
TOKEN_BYTES = 32


@blueprint.route("/organisations/<slug>/members")
@member_of(Organisation, "slug", **MEMBER)
def members(organisation):
    return _page(organisation, InvitationForm())


@blueprint.post("/organisations/<slug>/invitations")
@member_of(Organisation, "slug", **OWNER)
def invite(organisation):
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            invitations.invite_colleague(
                db.session,
                current_user,
                organisation,
                form.email.data,
                form.role.data,
                token=secrets.token_urlsafe(TOKEN_BYTES),
                now=utc_now(),
            )
        except Conflict as refused:
            form.email.errors = [refused.message]
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "success")
            return redirect(url_for("organisations.members", slug=organisation.slug))
    return _page(organisation, form), 400


@blueprint.post("/invitations/<id:invitation_id>/withdraw")
@member_of(Invitation, "invitation_id", **OWNER)
def withdraw_invitation(invitation):
    organisation = db.session.get_one(Organisation, invitation.organisation_id)
    invitations.withdraw_invitation(db.session, current_user, invitation, now=utc_now())
    return redirect(url_for("organisations.members", slug=organisation.slug))


@blueprint.post("/organisations/<slug>/members/<id:person_id>/role")
@member_of(Organisation, "slug", **OWNER)
def change_role(organisation, person_id):
    form = RoleForm()
    if form.validate_on_submit():
        _try(
            members_operations.change_role,
            organisation,
            person_id,
            MemberRole(form.role.data),
            said=_("Saved."),
        )
    return redirect(url_for("organisations.members", slug=organisation.slug))


@blueprint.post("/organisations/<slug>/members/<id:person_id>/remove")
@member_of(Organisation, "slug", **OWNER)
def remove_member(organisation, person_id):
    _try(members_operations.remove_member, organisation, person_id, said=_("Saved."))
    return redirect(url_for("organisations.members", slug=organisation.slug))


@blueprint.post("/organisations/<slug>/leave")
@member_of(Organisation, "slug", **MEMBER)
def leave(organisation):
    if _try(members_operations.leave, organisation, said=_("You do not belong to it any more.")):
        return redirect(url_for("organisations.mine"))
    return redirect(url_for("organisations.members", slug=organisation.slug))


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@public
def open_invitation(token):
    """What the link of the mail opens: a page with a button, so that a mail scanner uses nothing up."""
    try:
        invitation = invitations.invitation_of(db.session, token, utc_now())
    except NotFound:
        return render_template("organisations/invitation_gone.html"), 404
    organisation = db.session.get_one(Organisation, invitation.organisation_id)
    if request.method == "GET":
        return render_template(
            "organisations/invitation.html", invitation=invitation, organisation=organisation, token=token
        )
    if not current_user.is_authenticated:
        raise NotSignedIn
    invitations.accept_by_link(db.session, current_user, token, now=utc_now())
    flash(_("You belong to %(name)s.", name=organisation.name), "success")
    return redirect(url_for("organisations.mine"))


@blueprint.post("/invitations/<id:invitation_id>/accept")
@signed_in
def accept_invitation(invitation_id):
    organisation = invitations.accept_by_address(db.session, current_user, invitation_id, now=utc_now())
    flash(_("You belong to %(name)s.", name=organisation.name), "success")
    return redirect(url_for("organisations.mine"))


def _try(operation, organisation: Organisation, *values, said: str) -> bool:
    """Whether it was done; a conflict, such as the last owner's, is said on the page that one came from."""
    try:
        operation(db.session, current_user, organisation, *values, now=utc_now())
    except Conflict as refused:
        db.session.rollback()
        flash(refused.message, "warning")
        return False
    flash(said, "success")
    return True


def _page(organisation: Organisation, form: InvitationForm):
    members = queries.members(db.session, organisation.id)
    owners = {person.id for person, membership in members if membership.role == MemberRole.OWNER}
    return render_template(
        "organisations/members.html",
        organisation=organisation,
        members=members,
        invitations=queries.waiting_invitations(db.session, organisation.id, utc_now()),
        form=form,
        is_owner=current_user.id in owners,
    )
