"""Bookings over HTTP while two web processes serve: none lost, none doubled, also where they are killed (ordeals 2 and 9).

``BOOKING_RATE`` bookings a second for ``BOOKING_SECONDS`` (150 for 5). Prints what docs/performance.md says.
"""

import http.client
import os
import statistics
import threading
import time
from datetime import UTC, datetime
from urllib.parse import urlencode

import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from marketplace.db import db, writing
from marketplace.orders.booking_models import Booking, BookingChange, Submission
from marketplace.organisations.models import Kind, MemberRole
from tests.factories import (
    make_cycle,
    make_cycle_product,
    make_household,
    make_membership,
    make_organisation,
    make_user,
)
from tests.ordeal.house import START_S, House, eventually

RATE = int(os.environ.get("BOOKING_RATE", "150"))
SECONDS = float(os.environ.get("BOOKING_SECONDS", "5"))
CLIENTS = 16
#: Sent one after the other before the others: the first of each process puts together what the later ones ask.
FIRST = 20


def prepare(app, number: int) -> tuple[str, list[tuple[dict, str]]]:
    """An open order with ``number`` households; the address to book at, and headers and form of each."""
    cookies = SecureCookieSessionInterface().get_signing_serializer(app)
    tokens = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
    with app.app_context(), writing():
        session = db.session
        group = make_organisation(session, kinds=(Kind.BUYING_GROUP,))
        now = time.time()
        cycle = make_cycle(session, group)
        cycle.opens_at, cycle.closes_at = (
            moment(now - 3600),
            moment(now + 86_400),
        )
        products = [make_cycle_product(session, cycle).id for _ in range(3)]
        forms = []
        for index in range(number):
            person = make_user(session)
            make_membership(session, person, group, MemberRole.MEMBER)
            household = make_household(session, group, person)
            signed_in = {"_user_id": person.fs_uniquifier, "_fresh": True, "csrf_token": "0" * 40}
            headers = {
                "Cookie": f"incontro={cookies.dumps(signed_in)}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            form = {
                "csrf_token": tokens.dumps("0" * 40),
                "version": 0,
                "key": f"load-{index}",
                "household": household.id,
            }
            forms.append((headers, urlencode(form | {f"q-{product}": "2" for product in products})))
        session.commit()
        return f"/orders/{cycle.id}/book", forms


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def send(port: int, path: str, headers: dict, body: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def send_all(house: House, path: str, forms, rate: float) -> list[tuple[int, float]]:
    """Status and seconds of each, sent at its time whether or not others were answered; waiting for a client counts."""
    found: list[tuple[int, float]] = [(0, 0.0)] * len(forms)
    begin, turn, lock = time.perf_counter(), iter(range(len(forms))), threading.Lock()

    def client():
        while True:
            with lock:
                index = next(turn, None)
            if index is None:
                return
            due = begin + index / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            status = send(house.port, path, *forms[index])
            found[index] = status, time.perf_counter() - due

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return found


def kept(app, number: int) -> None:
    """Every household's three bookings are there once, and each form was taken once."""
    with app.app_context():
        counted = [
            db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (Submission, Booking, BookingChange)
        ]
        assert counted == [number, 3 * number, 3 * number]


def test_bookings_at_a_steady_rate_are_all_kept_once(house, capsys):
    number = round(RATE * SECONDS)
    house.start_web()
    eventually(lambda: house.status() is not None, "it never served", START_S)
    app = house.app()
    path, forms = prepare(app, FIRST + number)
    assert {send(house.port, path, *form) for form in forms[:FIRST]} == {302}
    found = send_all(house, path, forms[FIRST:], RATE)
    assert {status for status, _seconds in found} == {302}
    kept(app, FIRST + number)
    seconds = sorted(seconds for _status, seconds in found)
    with capsys.disabled():
        print(
            f"\n{number} bookings at {RATE}/s: median {statistics.median(seconds):.3f} s, "
            f"p99 {seconds[int(len(seconds) * 0.99)]:.3f} s, load {os.getloadavg()[0]:.0f}"
        )


def test_web_processes_that_are_killed_lose_no_booking_that_was_answered(house):
    number = min(150, round(RATE * SECONDS))
    web = house.start_web()
    eventually(lambda: house.status() is not None, "it never served", START_S)
    app = house.app()
    path, forms = prepare(app, number)
    killer = threading.Timer(number / RATE / 2, lambda: house.kill(web))
    killer.start()
    first = send_all(house, path, forms, RATE)
    killer.join()
    house.start_web()
    eventually(lambda: house.status() is not None, "it never came back")
    with app.app_context():
        taken = set(db.session.scalars(sa.select(Submission.key)))
    answered = {f"load-{index}" for index, (status, _seconds) in enumerate(first) if status == 302}
    assert answered <= taken
    # whoever got no answer sends the same form again; who did too, by a double click
    again = send_all(house, path, forms, RATE)
    assert {status for status, _seconds in again} == {302}
    kept(app, number)
