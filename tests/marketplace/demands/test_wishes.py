"""A resident's wish is written by a person, read by the desk, and then public without a name."""

import pytest
import sqlalchemy as sa

from marketplace.demands.models import Demand
from marketplace.outbox import OutboxEntry, Topic
from tests.factories import make_demand, make_user
from tests.marketplace.demands.needs_filled import need_data
from tests.support.people import browser_of


@pytest.fixture
def author(session):
    person = make_user(session, name="Ada Riconoscibile")
    session.commit()
    return person


@pytest.fixture
def desk(app, session):
    person = make_user(session, duties=("secretariat",))
    session.commit()
    return browser_of(app, person)


def wishes(session):
    session.expire_all()
    return session.scalars(sa.select(Demand)).all()


def topics(session):
    return sorted(session.scalars(sa.select(OutboxEntry.topic)))


def test_a_wish_is_public_once_the_desk_has_let_it_through(app, session, author, desk):
    writer, anybody = browser_of(app, author), app.test_client()
    assert writer.get("/wishes/new").status_code == 200
    writer.post("/wishes/new", data=need_data(title="Un forno vicino") | {"publish": "1"})
    (wish,) = wishes(session)
    path = f"/demands/{wish.id}"
    assert (wish.type, wish.organisation_id, wish.published_at) == ("wish", None, None)
    assert (writer.get(path).status_code, anybody.get(path).status_code) == (200, 404)
    assert topics(session) == []
    assert "Un forno vicino" in desk.get("/desk").text
    assert "Ada" not in desk.get(f"/desk/wishes/{wish.id}").text.split("<main")[1]
    assert desk.post(f"/desk/wishes/{wish.id}", data={"verdict": "publish"}).status_code == 302
    page = anybody.get(path)
    assert page.status_code == 200
    assert "Ada Riconoscibile" not in page.text
    assert topics(session) == sorted([Topic.DEMAND, Topic.MAIL])
    assert desk.get(f"/desk/wishes/{wish.id}").status_code == 404
    assert writer.post(f"{path}/withdraw").status_code == 302
    assert anybody.get(path).status_code == 404


def test_a_refusal_needs_a_reason_which_its_author_reads(app, session, author, desk):
    wish = make_demand(session, author_id=author.id, published_at=None)
    session.commit()
    path = f"/desk/wishes/{wish.id}"
    assert 'id="reason-error"' in desk.post(path, data={"verdict": "refuse"}).text
    desk.post(path, data={"verdict": "refuse", "reason": "È pubblicità"})
    session.expire_all()
    assert (wish.published_at, wish.withdrawn_at is None) == (None, False)
    assert "È pubblicità" in browser_of(app, author).get(f"/demands/{wish.id}").text
    assert topics(session) == [Topic.MAIL]
    assert app.test_client().get(f"/demands/{wish.id}").status_code == 404


def test_only_the_desk_decides(app, session, author):
    wish = make_demand(session, author_id=author.id, published_at=None)
    session.commit()
    assert (
        browser_of(app, author).post(f"/desk/wishes/{wish.id}", data={"verdict": "publish"}).status_code
        == 404
    )
    session.expire_all()
    assert wish.published_at is None


def test_so_many_wishes_a_day_and_the_next_one_is_kept_in_the_form(app, session, author, monkeypatch):
    monkeypatch.setattr("marketplace.demands.wish_operations.MAX_WISHES_A_DAY", 1)
    writer = browser_of(app, author)
    for _ in range(2):
        page = writer.post("/wishes/new", data=need_data(title="Un forno") | {"publish": "1"})
    assert page.status_code == 200
    assert 'value="Un forno"' in page.text
    assert len(wishes(session)) == 1
