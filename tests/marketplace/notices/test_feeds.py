"""Feeds: read back by the programs' own rules, with what is public and nothing else."""

from datetime import timedelta

from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from marketplace.clock import utc_now
from marketplace.demands.models import DemandType
from marketplace.notices.feeds import Entry, Occasion, atom, calendar
from tests.exchange_factories import make_meeting
from tests.factories import NOW, make_demand, make_organisation

ATOM = "{http://www.w3.org/2005/Atom}"
texts = st.text(max_size=60)


def occasion(**changes) -> Occasion:
    values = {
        "uid": "demand-1-answers@example.org",
        "starts_at": NOW,
        "ends_at": NOW + timedelta(minutes=30),
        "title": "Mele",
        "link": "https://example.org/demands/1",
        "changed_at": NOW,
    }
    return Occasion(**values | changes)


@given(texts, texts)
def test_whatever_the_text_the_calendar_can_be_read(title, text):
    made = calendar([occasion(title=title, text=text)], name="x", now=NOW)
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    assert event["uid"] == "demand-1-answers@example.org"
    assert event.decoded("dtstart") == NOW
    assert event.decoded("dtstamp") == NOW
    assert made.count(b"BEGIN:VEVENT") == 1


@given(texts, texts)
def test_whatever_the_text_the_atom_feed_can_be_read(title, summary):
    entry = Entry("tag:x,2026:1", title, "https://example.org/1", NOW, NOW, "Gruppo", summary, "need")
    feed = ElementTree.fromstring(
        atom([entry], id_="tag:x,2026:f", title="x", own_link="https://e/a", page_link="https://e", now=NOW)
    )
    # RFC 4287, 4.1.1 and 4.1.2
    for element in (feed, feed.find(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert element.find(f"{ATOM}{name}") is not None
    assert feed.find(f"{ATOM}entry/{ATOM}author/{ATOM}name").text == "Gruppo"
    assert feed.find(f"{ATOM}updated").text == "2026-11-20T09:00:00Z"


def test_the_feeds_hold_what_is_public_with_its_deadlines(client, session):
    now = utc_now()
    body = make_organisation(session, name="Comune di Prova & figli")
    later = now + timedelta(days=9)
    board = make_demand(
        session, body, type=DemandType.CO_DESIGN, title="Parco <grande>", published_at=now, closes_at=later
    )
    make_meeting(session, board, starts_at=now + timedelta(days=2), place="Sala civica")
    withdrawn = make_demand(
        session, body, title="Ritirata", published_at=now, withdrawn_at=now, closes_at=later
    )
    make_meeting(session, withdrawn, starts_at=now + timedelta(days=2))
    make_demand(session, body, title="Bozza", published_at=None, closes_at=later)
    session.commit()
    answer = client.get("/demands.ics")
    assert answer.mimetype == "text/calendar"
    events = list(Calendar.from_ical(answer.data).walk("VEVENT"))
    assert sorted(str(event["uid"]).partition("@")[0] for event in events) == [
        f"demand-{board.id}-answers",
        f"meeting-{events[-1]['uid'].split('@')[0].split('-')[1]}",
    ]
    answer = client.get("/demands.atom")
    feed = ElementTree.fromstring(answer.data)
    assert [entry.find(f"{ATOM}title").text for entry in feed.iter(f"{ATOM}entry")] == ["Parco <grande>"]
    page = client.get("/demands").text
    assert 'type="application/atom+xml"' in page
    assert 'type="text/calendar"' in page
