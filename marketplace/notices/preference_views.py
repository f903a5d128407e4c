"""What somebody wants by mail, and stopping a kind from a mail itself."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.extensions import csrf
from marketplace.notices import preference_operations, queries, unsubscribing
from marketplace.notices.blueprint import blueprint
from marketplace.notices.forms import PreferencesForm
from marketplace.notices.mail_kinds import MAIL_KINDS
from marketplace.permissions import public, signed_in


@blueprint.route("/notices/preferences", methods=["GET", "POST"])
@signed_in
def preferences():
    wanted = queries.preferences(db.session, current_user.id)
    form = PreferencesForm(data={"kinds": [str(kind) for kind, on in wanted.items() if on]})
    if form.validate_on_submit():
        preference_operations.set_preferences(
            db.session, current_user._get_current_object(), form.kinds.data or [], now=utc_now()
        )
        flash(_("Saved."), "success")
        return redirect(url_for("notices.preferences"))
    needed = [about for about in MAIL_KINDS.values() if not about.optional]
    return render_template("notices/preferences.html", form=form, needed=needed)


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@csrf.exempt
@public
def unsubscribe(token):
    """Stop a kind of mail: by the mail program's own button (RFC 8058), or by the one on the page.

    Only opening the page changes nothing, because programs that check mails open every link.
    """
    person, kind = unsubscribing.read_token(db.session, token)
    if request.method == "POST":
        preference_operations.stop_kind(db.session, person, kind, now=utc_now())
    return render_template(
        "notices/unsubscribe.html",
        about=MAIL_KINDS[kind],
        stopped=not queries.wants(db.session, person.id, kind),
    )
