"""The feeds of public requests: /demands.ics and /demands.atom, for everybody and without a name."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Response, current_app, request
from flask_babel import gettext as _

from marketplace.boards.models import BoardMeeting
from marketplace.clock import utc_now
from marketplace.db import db
from marketplace.demands import queries
from marketplace.demands.models import Demand
from marketplace.notices.blueprint import blueprint
from marketplace.notices.feeds import DEADLINE_LASTS, Entry, Occasion, atom, calendar
from marketplace.page_address import whole_address
from marketplace.permissions import public
from marketplace.prose import plain_text
from marketplace.words import DEMAND_TYPES

#: Requests that a feed holds.
MOST = 500
#: How old, in days, meetings may be that the calendar still shows.
PAST_DAYS = 30
SUMMARY = 500


@blueprint.get("/demands.ics")
@public
def calendar_feed():
    now = utc_now()
    demands, _total = queries.open_demands(db.session, now, limit=MOST)
    occasions = [occasion for demand in demands for occasion in _deadlines(demand)]
    occasions += _meetings(now)
    body = calendar(occasions, name=_("Incontro: deadlines of open requests"), now=now)
    return Response(body, mimetype="text/calendar", headers={"Cache-Control": "public, max-age=900"})


@blueprint.get("/demands.atom")
@public
def atom_feed():
    now = utc_now()
    body = atom(
        [_entry(demand) for demand in queries.newest_public_demands(db.session, now, limit=MOST // 10)],
        id_=_iri("demands"),
        title=_("Incontro: new requests"),
        own_link=whole_address("notices.atom_feed"),
        page_link=whole_address("demands.index"),
        now=now,
    )
    return Response(body, mimetype="application/atom+xml", headers={"Cache-Control": "public, max-age=900"})


def _deadlines(demand: Demand):
    link = whole_address("demands.show", demand_id=demand.id)
    for name, at, title in (
        ("questions", demand.questions_until, _("Questions until: %(title)s", title=demand.title)),
        ("answers", demand.closes_at, _("Answers until: %(title)s", title=demand.title)),
    ):
        if at is not None:
            yield Occasion(
                uid=f"demand-{demand.id}-{name}@{_host()}",
                starts_at=at - DEADLINE_LASTS,
                ends_at=at,
                title=title,
                link=link,
                changed_at=demand.published_at,
                place=demand.place_label,
                text=f"{DEMAND_TYPES[demand.type]}. {_author(demand)}",
            )


def _meetings(now: datetime) -> list[Occasion]:
    rows = db.session.execute(
        sa.select(BoardMeeting, Demand)
        .join(Demand, Demand.id == BoardMeeting.demand_id)
        .where(
            Demand.id.in_(queries.public_ids(now)), BoardMeeting.starts_at > now - timedelta(days=PAST_DAYS)
        )
        .order_by(BoardMeeting.starts_at, BoardMeeting.id)
        .limit(MOST)
    )
    return [
        Occasion(
            uid=f"meeting-{meeting.id}@{_host()}",
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at or meeting.starts_at + timedelta(hours=2),
            title=_("Meeting: %(title)s", title=demand.title),
            link=whole_address("boards.show", demand_id=demand.id),
            changed_at=meeting.cancelled_at or demand.published_at,
            place=meeting.place,
            text=plain_text(meeting.agenda),
            cancelled=meeting.cancelled_at is not None,
        )
        for meeting, demand in rows
    ]


def _entry(demand: Demand) -> Entry:
    return Entry(
        id=_iri(f"demands/{demand.id}"),
        title=demand.title,
        link=whole_address("demands.show", demand_id=demand.id),
        published_at=demand.published_at,
        updated_at=demand.published_at,
        author=_author(demand),
        summary=f"{DEMAND_TYPES[demand.type]}. {demand.place_label}. {plain_text(demand.description)[:SUMMARY]}",
        category=demand.type,
    )


def _author(demand: Demand) -> str:
    return demand.organisation.name if demand.organisation else str(_("a resident"))


def _iri(name: str) -> str:
    """A tag (RFC 4151) of this installation, which stays whatever its addresses become."""
    return f"tag:{_host()},2026:{name}"


def _host() -> str:
    return urlsplit(current_app.config["SITE_URL"]).hostname or request.host.partition(":")[0]
