"""JSON for other programs, stable from version 1 on. It reads; nothing here changes anything."""

from http import HTTPStatus

from flask import Blueprint, jsonify, request
from flask_babel import gettext as _
from marshmallow import ValidationError

from geo import geojson
from geo.areas import Place
from geo.geocoding import Ambiguous, NotFound, Unavailable
from marketplace import engines, errors
from marketplace.api import presenting
from marketplace.api.demand_schema import DemandSchema, first_problem, to_demand
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands.naming import lot_names
from marketplace.explore.map_points import cluster_points, points
from marketplace.explore.parameters import Problem, choices, parse_bbox, parse_search
from marketplace.explore.queries import offer_rows, organisation_rows
from marketplace.extensions import csrf
from marketplace.i18n import current_language
from marketplace.json_bodies import BadBody, read_object, takes_json
from marketplace.matches.queries import listed
from marketplace.matches.sentences import Naming
from marketplace.organisations.models import Kind
from marketplace.permissions import public
from marketplace.request_cycle import read_only
from search.queries import MapQuery
from search.validation import problems as demand_problems

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.errorhandler(BadBody)
def bad_body(error: BadBody):
    return errors.answer(HTTPStatus(error.status), error.code, error.message)


@blueprint.get("/offers")
@public
def offers():
    tree, criteria, comuni = engines.categories(), engines.criteria(), engines.comuni()
    parsed = parse_search(request.args, geocoder=engines.geocoder(), tree=tree, criteria=criteria)
    if parsed.problems:
        return _bad_parameter(parsed.problems[0])
    page = engines.search_engine().search(parsed.query, utc_now())
    hits = {hit.offer_id: hit for hit in page.hits}
    language = current_language()
    naming = Naming(criteria, (), language)
    return jsonify(
        items=[
            presenting.offer(row, hits[row.id], tree, comuni, naming, language)
            for row in offer_rows(db.session, list(hits))
        ],
        total=page.total,
        page=parsed.query.page,
        per_page=parsed.query.per_page,
        facets=presenting.facets(page.facets),
        did_you_mean=page.did_you_mean,
        degraded=page.degraded,
    )


@blueprint.get("/organisations.geojson")
@public
def organisations():
    problems: list[Problem] = []
    query = MapQuery(
        bbox=parse_bbox(request.args.get("bbox", ""), problems),
        categories=choices(request.args, "category", engines.categories(), problems),
        criteria=choices(request.args, "criteria", engines.criteria(), problems),
        kinds=choices(request.args, "kind", frozenset(Kind), problems),
    )
    if problems:
        return _bad_parameter(problems[0])
    answer = engines.search_engine().map(query, utc_now())
    if answer.clusters:
        collection = cluster_points(answer.clusters, answer.total)
    else:
        rows = organisation_rows(db.session, answer.supplier_ids)
        collection = points(
            [rows[id_] for id_ in answer.supplier_ids if id_ in rows], total=answer.total, clustered=False
        )
    response = jsonify(collection)
    response.mimetype = geojson.MEDIA_TYPE
    return response


@blueprint.post("/match")
@csrf.exempt
@read_only
@public
@takes_json
def match():
    try:
        data = DemandSchema().load(read_object(request))
    except ValidationError as error:
        field, message = first_problem(error.messages)
        return errors.answer(HTTPStatus.BAD_REQUEST, "invalid", message, field)
    tree, criteria = engines.categories(), engines.criteria()
    place, problem = _place(data["place"])
    if problem:
        return _bad_parameter(problem)
    demand, now, limit = to_demand(data, place)
    for broken in demand_problems(demand, tree, criteria):
        return errors.answer(HTTPStatus.BAD_REQUEST, broken.code, str(broken), broken.field)
    answer = engines.search_engine().match(demand, now or utc_now())
    language = current_language()
    names = lot_names(demand.lots, tree, engines.cpv_labels(language), language)
    return jsonify(
        presenting.answer(
            listed(db.session, answer, shown=limit), Naming(criteria, names, language), engines.comuni()
        )
    )


def _place(data: dict) -> tuple[Place | None, Problem | None]:
    if "point" in data:
        comune = engines.comuni().comune_of(data["point"])
        if comune is None:
            return Place(data["point"]), None
        return Place(data["point"], comune.comune.istat, comune.comune.sigla), None
    try:
        return engines.geocoder().geocode(data["name"]).place, None
    except Ambiguous as several:
        return None, Problem("place.name", "ambiguous", data["name"], several.candidates)
    except NotFound as unknown:
        return None, Problem("place.name", "not_found", data["name"], unknown.suggestions)
    except Unavailable:
        return None, Problem("place.name", "unavailable", data["name"])


def _bad_parameter(problem: Problem):
    """One shape for whatever cannot be read; the candidates of a place stand in the sentence."""
    names = ", ".join(candidate.label for candidate in problem.candidates)
    message = {
        "ambiguous": _("There is more than one “%(place)s”: %(names)s.", place=problem.value, names=names),
        "not_found": _("We do not know the place “%(place)s”.", place=problem.value)
        + (" " + _("Perhaps: %(names)s.", names=names) if names else ""),
        "unavailable": _("The place could not be looked up just now: try again."),
        "needs_place": _("A distance needs a place: give “near”."),
        "too_long": _("Too long: at most %(most)s characters.", most=problem.value),
    }.get(problem.code) or _(
        "“%(value)s” cannot be used for “%(field)s”.", value=problem.value, field=problem.field
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE if problem.code == "unavailable" else HTTPStatus.BAD_REQUEST
    return errors.answer(status, problem.code, message, problem.field)
