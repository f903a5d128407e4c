"""The season calendars, for everybody."""

from flask import abort, render_template

from marketplace import engines
from marketplace.catalogue.blueprint import blueprint
from marketplace.catalogue.season_calendar import calendar_of, district_calendar
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.explore.queries import active_organisation
from marketplace.i18n import current_language
from marketplace.permissions import public
from search.judging import rome_day


@blueprint.get("/season")
@public
def season():
    groups = district_calendar(db.session, engines.categories(), current_language())
    return render_template("catalogue/season.html", groups=groups, month=rome_day(utc_now()).month)


@blueprint.get("/organisations/<slug>/season")
@public
def organisation_season(slug):
    organisation = active_organisation(db.session, slug)
    if organisation is None:
        abort(404)
    return render_template(
        "catalogue/organisation_season.html",
        organisation=organisation,
        rows=calendar_of(db.session, organisation.id),
        month=rome_day(utc_now()).month,
    )
