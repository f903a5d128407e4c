"""Mails as files, and through a mail server that works, hangs, refuses or is not there."""

import email
import socket
import time
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.mail import deliver, message
from marketplace.mail_queue import MAX_ATTEMPTS, TAKEN_FOR, send_next
from marketplace.outbox import OutboxEntry, post_mail
from tests.support.databases import ON_SQLITE


@pytest.fixture
def post():
    """Puts a mail into the outbox of an application."""

    def put(app, **changed):
        with app.app_context(), writing():
            values = {"to": "ada@example.org", "subject": "Perché no", "text": "Ciao: è pronto", "html": None}
            post_mail(db.session, message(**values | changed), utc_now())
            db.session.commit()

    return put


def send(app, now=None):
    with app.app_context():
        return send_next(db.session, now or utc_now())


def queued(app):
    with app.app_context():
        return db.session.scalars(sa.select(OutboxEntry)).all()


@pytest.fixture
def with_server(make_fresh_app, smtp_sink):
    return make_fresh_app(MAIL_SERVER=smtp_sink.host, MAIL_PORT=smtp_sink.port, MAIL_USE_TLS=False)


def test_a_mail_is_sent_once_in_text_and_html(with_server, smtp_sink, post):
    post(with_server, html="<p>Ciao: è <b>pronto</b></p>")
    assert send(with_server)
    assert not send(with_server)
    (mail,) = smtp_sink.wait_for(1)
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Perché no")
    assert mail.get_body(("plain",)).get_content().strip() == "Ciao: è pronto"
    assert "<b>" in mail.get_body(("html",)).get_content()
    assert queued(with_server) == []


@ON_SQLITE
def test_without_a_server_mails_are_files_that_a_mail_program_opens(fresh_app, post):
    post(fresh_app)
    assert send(fresh_app)
    (file,) = Path(fresh_app.instance_path, "mail").glob("*.eml")
    mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("ada@example.org", "Perché no")
    assert mail.get_content().strip() == "Ciao: è pronto"
    assert queued(fresh_app) == []


@ON_SQLITE
def test_a_server_that_is_not_there_delays_a_mail_and_loses_none(make_fresh_app, smtp_sink, post):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        app = make_fresh_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=nobody.getsockname()[1], MAIL_USE_TLS=False)
        post(app)
        assert send(app)
        assert not send(app), "not again at once"
        (entry,) = queued(app)
        assert entry.attempts == 1
        assert "ada" not in entry.last_error
    app = make_fresh_app(MAIL_SERVER=smtp_sink.host, MAIL_PORT=smtp_sink.port, MAIL_USE_TLS=False)
    assert send(app, utc_now() + timedelta(minutes=1))
    assert len(smtp_sink.wait_for(1)) == 1
    assert queued(app) == []


@ON_SQLITE
def test_waiting_grows_with_every_attempt_and_has_an_end(make_fresh_app, post):
    app = make_fresh_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=1, MAIL_USE_TLS=False)
    post(app)
    now, waits = utc_now(), []
    for _ in range(4):
        send(app, now)
        before, now = utc_now(), queued(app)[0].not_before
        waits.append((now - before).total_seconds())
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(5, abs=1)
    assert waits[-1] == pytest.approx(40, abs=1)


@ON_SQLITE
def test_a_server_that_hangs_is_not_waited_for(make_fresh_app, post):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        app = make_fresh_app(MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_USE_TLS=False, MAIL_TIMEOUT=1)
        post(app)
        started = time.monotonic()
        assert send(app)
        assert time.monotonic() - started < 5
    assert queued(app)[0].attempts == 1


@ON_SQLITE
def test_an_address_that_the_server_refuses_for_good_is_given_up(with_server, post, monkeypatch):
    import smtplib

    def refuse(*_args):
        raise smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"no such user")})

    monkeypatch.setattr("marketplace.mail_queue.deliver", refuse)
    post(with_server)
    send(with_server)
    assert queued(with_server)[0].attempts == MAX_ATTEMPTS
    assert not send(with_server, utc_now() + timedelta(days=9))


def test_a_mail_whose_sender_was_killed_is_taken_up_again_as_the_same(
    with_server, smtp_sink, post, monkeypatch
):
    def die(_payload):
        raise KeyboardInterrupt

    post(with_server)
    with monkeypatch.context() as patch:
        patch.setattr("marketplace.mail_queue.deliver", die)
        with pytest.raises(KeyboardInterrupt):
            send(with_server)
    assert not send(with_server), "it still belongs to who took it"
    assert send(with_server, utc_now() + TAKEN_FOR + timedelta(seconds=1))
    (mail,) = smtp_sink.wait_for(1)
    assert mail["Message-ID"]


def test_two_workers_do_not_send_the_same_mail(with_server, smtp_sink, post):
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(6):
        post(with_server)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: send(with_server), range(12))) >= 6
    while send(with_server):
        pass
    assert len({mail["Message-ID"] for mail in smtp_sink.wait_for(6)}) == len(smtp_sink.messages) == 6


@pytest.mark.parametrize("subject", ["one\r\nBcc: other@example.org", "x" * 2000, "\u2028line\x85"])
@ON_SQLITE
def test_nothing_can_be_written_into_the_head_of_a_mail(with_server, smtp_sink, post, subject):
    post(with_server, subject=subject)
    send(with_server)
    (mail,) = smtp_sink.wait_for(1)
    assert mail["Bcc"] is None
    assert mail["To"] == "ada@example.org"


@ON_SQLITE
def test_a_recipient_that_would_write_into_the_head_is_refused(with_server, smtp_sink, post):
    post(with_server, to="ada@example.org\nBcc: other@example.org")
    assert send(with_server)
    assert smtp_sink.messages == []
    assert queued(with_server)[0].attempts == MAX_ATTEMPTS


@ON_SQLITE
def test_a_demonstration_prints_the_links(make_fresh_app, caplog):
    app = make_fresh_app(DEMO=True)
    with app.app_context():
        deliver(message(to="a@example.org", subject="s", text="open http://127.0.0.1/x now"))
    assert "http://127.0.0.1/x" in caplog.text
