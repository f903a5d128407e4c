"""The order goes to its suppliers once, by itself or by hand, and the link it carries opens nothing else."""

from datetime import timedelta

import pytest

from marketplace.errors import Conflict, NotFound
from marketplace.order_sheets import sending
from marketplace.order_sheets.access import LINK_LIFE, source_of_token
from marketplace.order_sheets.queries import received_orders
from marketplace.order_sheets.sending_round import WAIT, send_due_orders
from marketplace.organisations.invitations import hash_of
from marketplace.organisations.models import MemberRole
from tests.factories import make_membership, make_organisation, make_user
from tests.marketplace.order_sheets.house import House

TOKEN = "a-token-of-thirty-two-random-bytes"


@pytest.fixture
def house(session):
    return House(session)


def send(house, **more):
    values = {"now": house.closed, "new_token": lambda: TOKEN, "actor": house.referente}
    return sending.send_order(house.session, house.cycle.id, **values | more)


def test_it_is_sent_once_with_its_files_and_only_the_hash_of_its_link_is_kept(house, session):
    with pytest.raises(Conflict) as early:
        send(house)
    assert early.value.code == "not_fixed"
    session.rollback()
    house.fix()
    with pytest.raises(NotFound):
        send(house, actor=make_user(session))
    session.rollback()
    assert (send(house), send(house)) == (True, False)
    mail, *told = house.mails()
    assert mail["to"] == "fattoria@example.org"
    assert sorted(one["to"] for one in told) == sorted([house.referente.email, house.neighbour.email])
    assert [file["name"].rpartition(".")[2] for file in mail["attachments"]] == ["pdf", "xlsx", "zip"]
    assert TOKEN in mail["text"]
    assert TOKEN in mail["unsubscribe"]
    assert "Famiglia" not in mail["text"]
    assert (house.source.token_hash, house.source.sent_at) == (hash_of(TOKEN), house.closed)
    assert house.cycle.sent_at == house.closed


def test_the_worker_leaves_an_hour_for_what_somebody_forgot(house, session):
    house.fix()
    assert send_due_orders(session, house.closed + WAIT - timedelta(seconds=1)) == 0
    assert send_due_orders(session, house.closed + WAIT) == 1
    assert send_due_orders(session, house.closed + WAIT) == 0
    assert [mail["to"] for mail in house.mails()].count("fattoria@example.org") == 1


def test_without_an_address_the_coordinator_hands_it_over_with_a_link_that_is_shown_once(session):
    house = House(session, email="").fix()
    assert send_due_orders(session, house.closed + WAIT) == 0
    with pytest.raises(Conflict) as refused:
        send(house)
    assert refused.value.code == "no_address"
    assert send(house, by_hand=True) is True
    assert house.referente.email in [mail["to"] for mail in house.mails()]
    token = sending.make_link(
        session, house.referente, house.cycle.id, house.source.id, now=house.closed, new_token=lambda: "other"
    )
    assert source_of_token(session, token, house.closed)[0].id == house.source.id


def test_a_link_ends_with_the_settling_the_cancelling_and_by_itself(house, session):
    house.fix()
    send(house)
    later = house.closed + timedelta(days=1)
    assert source_of_token(session, TOKEN, later)[1].id == house.cycle.id
    for name in ("settled_at", "cancelled_at"):
        setattr(house.cycle, name, later)
        with pytest.raises(NotFound):
            source_of_token(session, TOKEN, later)
        setattr(house.cycle, name, None)
    with pytest.raises(NotFound):
        source_of_token(session, TOKEN, house.closed + LINK_LIFE)
    with pytest.raises(NotFound):
        source_of_token(session, house.source.token_hash, later)


def test_who_wants_no_mails_gets_none_and_a_new_link_ends_the_old_one(house, session):
    house.fix()
    send(house)
    sending.send_again(
        session,
        house.referente,
        house.cycle.id,
        house.source.id,
        now=house.closed,
        new_token=lambda: "second",
    )
    with pytest.raises(NotFound):
        source_of_token(session, TOKEN, house.closed)
    sending.decline_mails(session, "second", now=house.closed)
    sending.change_address(
        session, house.referente, house.cycle.id, house.source.id, "altra@example.org", now=house.closed
    )
    with pytest.raises(Conflict) as refused:
        sending.send_again(
            session,
            house.referente,
            house.cycle.id,
            house.source.id,
            now=house.closed,
            new_token=lambda: "third",
        )
    assert refused.value.code == "declined"


def test_a_supplier_with_an_account_finds_it_on_its_own_page_and_gets_no_link(house, session):
    supplier = make_organisation(session, name="Agrumeto dello Ionio")
    make_membership(session, make_user(session), supplier, MemberRole.OWNER)
    house.source.organisation_id, house.source.private_list_id = supplier.id, None
    house.fix()
    assert received_orders(session, supplier.id) == []
    send(house)
    assert house.source.token_hash is None
    assert f"/organisations/{supplier.slug}/orders/{house.source.id}" in house.mails()[0]["text"]
    assert [one.coordinator for one in received_orders(session, supplier.id)] == ["GAS del Borgo"]
