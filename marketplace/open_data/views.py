"""The district's feed of public requests as open data."""

from datetime import UTC, date, datetime, time
from http import HTTPStatus

from flask import Blueprint, Response, current_app, json, request
from flask_babel import gettext as _

from marketplace import errors
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.open_data.queries import public_requests
from marketplace.open_data.releases import package
from marketplace.page_address import whole_address
from marketplace.permissions import public
from marketplace.rome_time import ROME

blueprint = Blueprint("open_data", __name__, url_prefix="/api/v1")

#: How long others may keep an answer before they ask again whether it is still the same.
SECONDS_FRESH = 300
MAX_PAGE = 10_000


@blueprint.get("/ocds/releases.json")
@public
def releases():
    try:
        since, until = _span(request.args)
    except ValueError:
        return errors.answer(
            HTTPStatus.BAD_REQUEST,
            "malformed",
            _("Write a year as 2026, or a day as 2026-11-22."),
            "year" if "year" in request.args else "from",
        )
    page = min(max(request.args.get("page", 1, type=int), 1), MAX_PAGE)
    found = public_requests(db.session, utc_now(), since=since, until=until, page=page)
    if not found.requests:
        # the schema wants one release at least, and there is none to tell of: docs/ocds.md
        return Response(
            status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": f"public, max-age={SECONDS_FRESH}"}
        )
    asked = {name: request.args[name] for name in ("year", "from") if name in request.args}
    content = package(
        found.requests,
        prefix=current_app.config["OCDS_PREFIX"],
        uri=whole_address("open_data.releases", **asked, page=page),
        publisher=current_app.config["DISTRICT_NAME"],
        policy=whole_address("district.help_page", topic="open_data"),
        following=None if found.is_last else whole_address("open_data.releases", **asked, page=page + 1),
    )
    response = Response(json.dumps(content, ensure_ascii=False, indent=1), mimetype="application/json")
    response.add_etag()
    response.cache_control.public, response.cache_control.max_age = True, SECONDS_FRESH
    return response.make_conditional(request)


def _span(arguments) -> tuple[datetime | None, datetime | None]:
    """The moments between which requests were published, by ``year`` or ``from`` in Rome. Raises ValueError."""
    if year := arguments.get("year"):
        if not (year.isascii() and year.isdigit()):
            raise ValueError(year)
        return _midnight(date(int(year), 1, 1)), _midnight(date(int(year) + 1, 1, 1))
    if first := arguments.get("from"):
        return _midnight(date.fromisoformat(first)), None
    return None, None


def _midnight(day: date) -> datetime:
    try:
        return datetime.combine(day, time(), ROME).astimezone(UTC)
    except OverflowError:
        raise ValueError(day) from None
