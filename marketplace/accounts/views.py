"""Signing in by link, and the account page: name, language, export, erasure."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user, logout_user
from flask_security.utils import validate_redirect_url

from marketplace import i18n
from marketplace.accounts import operations, queries, sign_in_link
from marketplace.accounts.forms import AccountForm, ErasureForm, LinkForm, UseLinkForm
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.errors import Conflict
from marketplace.permissions import public, signed_in

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/login/link", methods=["GET", "POST"])
@public
def send_link():
    form = LinkForm()
    if form.validate_on_submit():
        sign_in_link.send_link(db.session, form.email.data, _next_page())
        flash(
            _(
                "If there is an account for %(email)s, a link to sign in is on its way.",
                email=form.email.data,
            ),
            "info",
        )
        return redirect(url_for("security.login"))
    return render_template("security/send_link.html", form=form)


@blueprint.route("/login/link/<token>", methods=["GET", "POST"])
@public
def use_link(token: str):
    form = UseLinkForm()
    submitted = form.validate_on_submit()
    person = sign_in_link.person_of(db.session, token, lock=submitted)
    if person is None:
        flash(_("This link is too old or has been used already. Ask for another."), "warning")
        return redirect(url_for("accounts.send_link"))
    if not submitted:
        return render_template("security/use_link.html", form=form, person=person)
    if person.confirmed_at is None:
        # who reads the mail owns the address; whoever chose the password before may have been somebody else
        person.confirmed_at = utc_now().replace(tzinfo=None)
        if person.password is not None:
            person.password = None
            flash(_("Your address is confirmed. To sign in with a password too, choose one anew."), "info")
    login_user(person, authn_via=["email"])
    db.session.commit()
    return redirect(_next_page() or "/")


@blueprint.route("/account", methods=["GET", "POST"])
@signed_in
def account():
    form = AccountForm(obj=current_user)
    if form.validate_on_submit():
        operations.update_account(
            db.session,
            current_user._get_current_object(),
            name=form.name.data,
            locale=form.locale.data,
            now=utc_now(),
        )
        with i18n.speaking(current_user.locale):
            flash(_("Saved."), "success")
        return i18n.remember(redirect(url_for("accounts.account")), current_user.locale)
    return render_template(
        "security/account.html", form=form, memberships=queries.memberships(db.session, current_user.id)
    )


@blueprint.get("/account/export")
@signed_in
def export():
    response = jsonify(queries.own_data(db.session, current_user))
    response.headers["Content-Disposition"] = 'attachment; filename="incontro-account.json"'
    return response


@blueprint.route("/account/erase", methods=["GET", "POST"])
@signed_in
def erase():
    form = ErasureForm()
    if form.validate_on_submit():
        if form.email.data.strip().casefold() != current_user.email.casefold():
            form.email.errors = [_("This is not the address of your account.")]
        else:
            return _erase(form)
    return render_template("security/erase.html", form=form)


def _erase(form: ErasureForm):
    person = current_user._get_current_object()
    try:
        operations.erase_account(db.session, person, utc_now())
    except Conflict:
        form.form_errors.append(
            _("You are the only owner of an organisation: name another owner first, or have it closed.")
        )
        return render_template("security/erase.html", form=form), 409
    logout_user()
    flash(_("Your account has been erased."), "success")
    return redirect("/")


def _next_page() -> str | None:
    """Where to go on, if it is a page of ours."""
    page = request.args.get("next", "")
    return page if page and validate_redirect_url(page) else None
