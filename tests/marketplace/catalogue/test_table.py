"""The whole list in one table: all changes or none, each row by its own version."""

import re
from html import unescape

import pytest
import sqlalchemy as sa

from marketplace.audit import AuditEvent
from marketplace.catalogue.detail_models import OfferVersion
from marketplace.catalogue.models import Offer
from marketplace.outbox import OutboxEntry
from tests.factories import make_claim, make_offer, make_organisation
from tests.support.people import people_of
from tests.support.sql import counted_statements

TABLE = "/organisations/orto/catalogue"


@pytest.fixture
def garden(session):
    return make_organisation(session, slug="orto")


@pytest.fixture
def people(app, session, garden):
    return people_of(app, session, garden)


def sent(page: str) -> dict[str, str]:
    """The form of the table as a browser would send it untouched."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", page):
        if name := re.search(r'name="(o\d+-\w+)"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            data[name[1]] = unescape(value[1]) if value else ""
    for name, body in re.findall(r'<select[^>]*name="(o\d+-status)"[^>]*>(.*?)</select>', page, re.S):
        data[name] = re.search(r'<option value="([^"]*)" selected', body)[1]
    return data


def stored(session, offer):
    session.expire_all()
    return session.get(Offer, offer.id)


def test_what_is_not_touched_stays_as_it_is(people, session, garden):
    offer = make_offer(
        session,
        garden,
        title="Mele “vecchie” & <nuove>",
        price=26_750,
        available=1_234_500,
        months={11, 12, 1},
    )
    session.commit()
    answer = people.owner.post(TABLE, data=sent(people.owner.get(TABLE).text))
    assert answer.status_code == 302
    assert stored(session, offer).version == 1
    assert session.scalars(sa.select(OutboxEntry)).all() == []


def test_many_rows_change_in_one_go_and_the_page_says_which(people, session, garden):
    apples, pears, plums = (make_offer(session, garden, title=name) for name in ("Mele", "Pere", "Prugne"))
    session.commit()
    data = sent(people.editor.get(TABLE).text)
    data |= {f"o{apples.id}-price": "3,2", f"o{apples.id}-months": "9-2", f"o{pears.id}-status": "withdrawn"}
    answer = people.editor.post(TABLE, data=data, follow_redirects=True, headers={"Accept-Language": "it"})
    assert "Mele (" in answer.text
    assert "Pere (" in answer.text
    assert "Prugne (" not in answer.text
    assert (stored(session, apples).price, stored(session, apples).months) == (32_000, {9, 10, 11, 12, 1, 2})
    assert stored(session, pears).status == "withdrawn"
    assert stored(session, plums).version == 1
    events = session.execute(
        sa.select(AuditEvent.subject_id, AuditEvent.verb).order_by(AuditEvent.subject_id)
    ).all()
    assert events == [(apples.id, "offer.changed"), (pears.id, "offer.changed")]
    assert len(session.scalars(sa.select(OutboxEntry)).all()) == 1
    versions = session.execute(sa.select(OfferVersion.offer_id, OfferVersion.version)).all()
    assert sorted(versions) == sorted([(apples.id, 1), (apples.id, 2), (pears.id, 1)])


@pytest.mark.parametrize(
    "cell, typed",
    [(cell, typed) for cell in ("price", "available") for typed in ("NaN", "1e5", "-0", "-1", "１２", "1_000", "1.234", "10" * 15)]
    + [("title", ""), ("title", "x" * 161), ("title", "Mele bio"), ("title", "Mele a km 0"), ("months", "13"), ("months", "primavera"), ("status", "sold")],
)  # fmt: skip
def test_one_wrong_cell_saves_nothing_and_keeps_what_was_typed(people, session, garden, cell, typed):
    good, bad = make_offer(session, garden), make_offer(session, garden)
    session.commit()
    data = sent(people.owner.get(TABLE).text) | {f"o{good.id}-price": "9", f"o{bad.id}-{cell}": typed}
    answer = people.owner.post(TABLE, data=data)
    assert answer.status_code == 400
    assert f'href="#o{bad.id}-{cell}"' in answer.text
    assert f'name="o{good.id}-price" id="o{good.id}-price" value="9"' in answer.text
    assert stored(session, good).price == 50_000
    assert stored(session, bad).version == 1


def test_a_row_that_somebody_else_changed_is_a_conflict_only_where_it_was_touched(people, session, garden):
    mine, theirs = make_offer(session, garden, title="Mie"), make_offer(session, garden, title="Loro")
    session.commit()
    data = sent(people.editor.get(TABLE).text)
    first = data | {f"o{theirs.id}-price": "7"}
    assert people.owner.post(TABLE, data=first).status_code == 302
    # the row of the other is not touched here: no conflict, and their price stays
    assert people.editor.post(TABLE, data=data | {f"o{mine.id}-price": "8"}).status_code == 302
    assert (stored(session, mine).price, stored(session, theirs).price) == (80_000, 70_000)
    answer = people.editor.post(
        TABLE, data=data | {f"o{theirs.id}-price": "6"}, headers={"Accept-Language": "it"}
    )
    assert answer.status_code == 409
    assert "<strong>7,00</strong>" in answer.text
    assert stored(session, theirs).price == 70_000
    # both have been seen: saving again keeps what was typed
    assert people.editor.post(TABLE, data=sent(answer.text)).status_code == 302
    assert stored(session, theirs).price == 60_000


def test_the_row_of_somebody_else_is_not_found_and_nothing_changes(people, session, garden):
    own, foreign = make_offer(session, garden), make_offer(session, make_organisation(session))
    session.commit()
    data = sent(people.owner.get(TABLE).text) | {f"o{own.id}-price": "9"}
    data |= {f"o{foreign.id}-was": "1-x", f"o{foreign.id}-price": "1", f"o{foreign.id}-title": "Rubata"}
    assert people.owner.post(TABLE, data=data).status_code == 404
    assert (stored(session, own).price, stored(session, foreign).price) == (50_000, 50_000)


def test_cells_that_are_none_of_the_table_are_not_stored(people, session, garden):
    offer = make_offer(session, garden)
    session.commit()
    data = sent(people.owner.get(TABLE).text) | {f"o{offer.id}-price": "9"}
    data |= {
        f"o{offer.id}-{name}": "7" for name in ("id", "organisation_id", "vat_rate", "version", "total_cents")
    }
    assert people.owner.post(TABLE, data=data).status_code == 302
    changed = stored(session, offer)
    assert (changed.organisation_id, changed.vat_rate, changed.version, changed.price) == (
        garden.id,
        1000,
        2,
        90_000,
    )


@pytest.mark.parametrize("was", ["", "x", "-", "１-2", "9" * 5000, "-1-abc", "1"])
def test_a_mark_that_is_none_changes_nothing_unseen(people, session, garden, was):
    offer = make_offer(session, garden)
    session.commit()
    data = sent(people.owner.get(TABLE).text) | {f"o{offer.id}-was": was, f"o{offer.id}-title": "Altro"}
    assert people.owner.post(TABLE, data=data).status_code in (302, 409)
    assert (stored(session, offer).title == "Altro") == (was == "1")


def test_organic_may_be_published_in_the_table_by_who_is_certified(people, session, garden):
    one, other = make_offer(session, garden), make_offer(session, garden)
    make_claim(session, garden, one)
    session.commit()
    data = sent(people.owner.get(TABLE).text)
    assert people.owner.post(TABLE, data=data | {f"o{one.id}-title": "Mele bio"}).status_code == 302
    assert people.owner.post(TABLE, data=data | {f"o{other.id}-title": "Mele bio"}).status_code == 400


def test_what_says_organic_elsewhere_is_not_published_without_a_certificate(people, session, garden):
    draft = make_offer(session, garden, status="draft", food={"ingredients": "farina biologica"})
    session.commit()
    data = sent(people.owner.get(TABLE).text)
    assert people.owner.post(TABLE, data=data | {f"o{draft.id}-status": "published"}).status_code == 400
    assert people.owner.post(TABLE, data=data | {f"o{draft.id}-price": "1"}).status_code == 302
    assert people.owner.post(f"/offers/{draft.id}/republish").status_code == 302
    assert stored(session, draft).status == "draft"


@pytest.mark.parametrize("who, status", [("member", 403), ("stranger", 404), ("anonymous", 302)])
@pytest.mark.parametrize("path", ["", "/confirm", "/copy"])
def test_the_list_is_for_editors(people, session, garden, who, status, path):
    offer = make_offer(session, garden, title="Mele")
    session.commit()
    answer = getattr(people, who).post(
        TABLE + path, data={f"o{offer.id}-was": "1-x", f"o{offer.id}-title": "Rubate"}
    )
    assert answer.status_code == status
    assert stored(session, offer).title == "Mele"


def test_five_hundred_offers_are_read_and_changed_in_few_questions(app, people, session, garden):
    offers = [
        make_offer(session, garden, title=f"Prodotto dal nome piuttosto lungo numero {n}") for n in range(500)
    ]
    session.commit()
    with counted_statements(app) as asked:
        page = people.owner.get(TABLE).text
    assert len(asked) < 12
    data = sent(page)
    assert len(data) == 500 * 6
    with counted_statements(app) as asked:
        assert people.owner.post(TABLE, data=data | {f"o{offers[7].id}-price": "1,5"}).status_code == 302
    assert len(asked) < 25
    all_changed = data | {f"o{offer.id}-price": "2" for offer in offers}
    session.refresh(offers[7])
    all_changed.pop(f"o{offers[7].id}-was")
    with counted_statements(app) as asked:
        assert people.owner.post(TABLE, data=all_changed).status_code == 302
    # each row is an UPDATE of its own, which says whether its version still held, with its line of history
    of_rows = ("UPDATE offer", "INSERT INTO audit_event")
    assert len([statement for statement in asked if not statement.startswith(of_rows)]) < 30
    session.expire_all()
    assert session.scalar(sa.select(sa.func.count()).where(Offer.price == 20_000)) == 499


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=0", "page=99999", "page=10000000000000000000000", "show=%27", "show=stale", "page=２"],
)
def test_strange_pages_are_pages(people, garden, query):
    assert people.owner.get(f"{TABLE}?{query}").status_code == 200


def test_last_season_comes_back_as_drafts_without_quantities(people, session, garden):
    old = make_offer(
        session,
        garden,
        title="Zucche",
        status="withdrawn",
        available=9000,
        capacity=5000,
        capacity_period="week",
        months={9, 10},
    )
    still_there = make_offer(session, garden, title="Mele")
    session.commit()
    page = people.owner.get(f"{TABLE}/copy").text
    assert "Zucche" in page
    assert "Mele" not in page
    for _twice in range(2):
        people.owner.post(f"{TABLE}/copy", data={"offer": [str(old.id)]})
    copies = session.scalars(sa.select(Offer).where(Offer.id.not_in([old.id, still_there.id]))).all()
    (copy,) = copies
    assert (copy.title, copy.status, copy.price, copy.months) == ("Zucche", "draft", 50_000, {9, 10})
    assert (copy.available, copy.capacity, copy.capacity_period) == (None, None, None)
    assert stored(session, old).status == "withdrawn"


@pytest.mark.parametrize("ids", [["9" * 30], ["x"], ["-1"], ["²"], []])
def test_copying_what_is_not_there_copies_nothing(people, session, garden, ids):
    assert people.owner.post(f"{TABLE}/copy", data={"offer": ids}).status_code == 302
    assert session.scalars(sa.select(Offer)).all() == []


def test_an_offer_of_somebody_else_is_not_copied(people, session, garden):
    foreign = make_offer(session, make_organisation(session), status="withdrawn")
    session.commit()
    assert people.owner.post(f"{TABLE}/copy", data={"offer": [str(foreign.id)]}).status_code == 404
    assert len(session.scalars(sa.select(Offer)).all()) == 1
