"""Feeds as files: deadlines and meetings as a calendar (iCalendar, RFC 5545), new requests as Atom (RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from icalendar import Calendar, Event

_ATOM = "http://www.w3.org/2005/Atom"
#: A deadline is one moment; calendars show what lasts a while before it more clearly than what lasts no time.
DEADLINE_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a calendar shows. ``uid`` stays the same whatever changes; ``changed_at`` when it last did."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    link: str
    changed_at: datetime
    place: str = ""
    text: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What the Atom feed tells. ``id`` is an IRI that never changes."""

    id: str
    title: str
    link: str
    published_at: datetime
    updated_at: datetime
    author: str
    summary: str
    category: str


def calendar(occasions: Iterable[Occasion], *, name: str, now: datetime) -> bytes:
    """A calendar to subscribe to; moments in UTC, which every program shows by its own clock."""
    made = Calendar()
    made.add("prodid", "-//Incontro//demands//IT")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for occasion in occasions:
        event = Event()
        event.add("uid", occasion.uid)
        # RFC 5545, 3.8.7.2: in a published calendar the moment at which this description was made
        event.add("dtstamp", now.astimezone(UTC))
        event.add("last-modified", occasion.changed_at.astimezone(UTC))
        event.add("dtstart", occasion.starts_at.astimezone(UTC))
        event.add("dtend", occasion.ends_at.astimezone(UTC))
        event.add("summary", occasion.title)
        event.add("url", occasion.link)
        event.add("description", f"{occasion.text}\n{occasion.link}".strip())
        if occasion.place:
            event.add("location", occasion.place)
        event.add("transp", "TRANSPARENT")
        event.add("status", "CANCELLED" if occasion.cancelled else "CONFIRMED")
        made.add_component(event)
    return made.to_ical()


def atom(
    entries: Iterable[Entry], *, id_: str, title: str, own_link: str, page_link: str, now: datetime
) -> bytes:
    """An Atom feed, the newest entry first."""
    ElementTree.register_namespace("", _ATOM)
    entries = sorted(entries, key=lambda entry: (entry.updated_at, entry.id), reverse=True)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", id_)
    _text(feed, "title", title)
    _text(feed, "updated", _moment(entries[0].updated_at if entries else now))
    _link(feed, own_link, "self", "application/atom+xml")
    _link(feed, page_link, "alternate", "text/html")
    for entry in entries:
        element = ElementTree.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(element, "id", entry.id)
        _text(element, "title", entry.title)
        _text(element, "published", _moment(entry.published_at))
        _text(element, "updated", _moment(entry.updated_at))
        _text(ElementTree.SubElement(element, f"{{{_ATOM}}}author"), "name", entry.author)
        ElementTree.SubElement(element, f"{{{_ATOM}}}category", term=entry.category)
        _link(element, entry.link, "alternate", "text/html")
        _text(element, "summary", entry.summary)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = _carried(text)


def _link(parent: ElementTree.Element, address: str, relation: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}link", rel=relation, href=address, type=kind)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _carried(text: str) -> str:
    """Without what no XML carries (XML 1.0, 2.2)."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n\r"
        or "\x20" <= letter <= "\ud7ff"
        or "\ue000" <= letter <= "\ufffd"
        or letter > "\uffff"
    )
