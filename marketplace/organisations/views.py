"""What a member does with the organisations they belong to."""

from flask import render_template
from flask_security import current_user

from marketplace.clock import utc_now
from marketplace.db import db

# each adds its pages to the blueprint
from marketplace.organisations import (  # noqa: F401
    area_views,
    invitations,
    joining_views,
    members_views,
    profile_views,
    queries,
)
from marketplace.organisations.blueprint import blueprint
from marketplace.permissions import signed_in


@blueprint.get("/mine")
@signed_in
def mine():
    now = utc_now()
    return render_template(
        "organisations/mine.html",
        own=queries.own_organisations(db.session, current_user.id, now),
        invitations=invitations.invitations_to(db.session, current_user, now),
    )
