"""The pages that anybody may browse: home, search, an organisation, an offer."""

from flask import Blueprint, abort, jsonify, render_template, request
from flask_login import current_user

from marketplace import engines
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.explore import queries
from marketplace.explore.boundaries import boundaries
from marketplace.explore.kept_pages import kept
from marketplace.explore.parameters import parse_search
from marketplace.explore.profile import offer_profile, organisation_profile
from marketplace.explore.results import search_results
from marketplace.explore.season import in_season
from marketplace.permissions import public
from search.judging import rome_day

blueprint = Blueprint("explore", __name__)

MAX_SUGGESTIONS = 8


def parsed_search():
    return parse_search(
        request.args,
        geocoder=engines.geocoder(),
        tree=engines.categories(),
        criteria=engines.criteria(),
    )


@blueprint.get("/")
@public
@kept
def home():
    now = utc_now()
    parsed = parsed_search()
    return render_template(
        "explore/home.html",
        parsed=parsed,
        season=in_season(db.session, parsed.place, now).values(),
        month=rome_day(now),
        roots=engines.categories().roots(),
        tree=engines.categories(),
        comuni=engines.comuni(),
    )


@blueprint.get("/search")
@public
@kept
def search():
    parsed = parsed_search()
    now = utc_now()
    page = engines.search_engine().search(parsed.query, now)
    return render_template("explore/search.html", **search_results(db.session, parsed, page, now))


@blueprint.get("/suggest")
@public
def suggest():
    prefix = request.args.get("q", "")[:80]
    return jsonify(list(engines.search_engine().suggest(prefix, MAX_SUGGESTIONS)))


@blueprint.get("/organisations/<slug>")
@public
def organisation(slug):
    found = queries.active_organisation(db.session, slug)
    if found is None:
        abort(404)
    reader = current_user if current_user.is_authenticated else None
    return render_template(
        "explore/organisation.html", **organisation_profile(db.session, found, utc_now(), reader)
    )


@blueprint.get("/offers/<id:offer_id>")
@public
def offer(offer_id):
    found = queries.published_offer(db.session, offer_id)
    if found is None:
        abort(404)
    return render_template("explore/offer.html", **offer_profile(db.session, found, utc_now()))


@blueprint.get("/geo/comuni.geojson")
@public
def comuni():
    return boundaries("comuni_lombardia.geojson")


@blueprint.get("/geo/province.geojson")
@public
def province():
    return boundaries("province_italia.geojson")
