"""``flask doctor`` says what is missing and how to mend it."""

import os
import time
from pathlib import Path

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.doctor import checks
from marketplace.outbox import announce_supplier
from marketplace.worker import HEARTBEAT


def run(app):
    return app.test_cli_runner().invoke(args=["doctor"])


def test_an_installation_without_worker_and_mail_is_told_so_with_remedies(fresh_app):
    answer = run(fresh_app)

    assert answer.exit_code == 1
    assert "ok      database" in answer.output
    assert "ok      migrations" in answer.output
    assert "MISSING worker" in answer.output
    assert "flask --app wsgi worker" in answer.output
    assert "Set MAIL_SERVER." in answer.output


def test_a_worker_that_speaks_is_well_and_one_that_fell_silent_is_not(app, app_context):
    sign = Path(app.instance_path) / HEARTBEAT
    sign.touch()
    assert checks.worker(utc_now()).well
    long_ago = time.time() - 100
    os.utime(sign, (long_ago, long_ago))
    assert not checks.worker(utc_now()).well
    sign.unlink()


def test_what_waits_for_long_is_named(fresh_app):
    now = utc_now()
    with fresh_app.app_context():
        assert checks.outbox(now).well
        with writing():
            announce_supplier(db.session, 1, now - 2 * checks.WAITS_TOO_LONG)
            db.session.commit()

        finding = checks.outbox(now)

    assert not finding.well
    assert finding.seen.startswith("supplier waits for 30 minutes")


def test_a_mail_server_that_answers_is_well(app, app_context, monkeypatch, smtp_sink):
    monkeypatch.setitem(app.config, "MAIL_SERVER", smtp_sink.host)
    monkeypatch.setitem(app.config, "MAIL_PORT", smtp_sink.port)
    monkeypatch.setitem(app.config, "MAIL_USE_TLS", False)

    assert checks.mail(utc_now()).well


def test_a_mail_server_that_does_not_answer_is_named(app, app_context, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", 1)

    finding = checks.mail(utc_now())

    assert not finding.well
    assert "127.0.0.1:1" in finding.seen


def test_an_index_that_is_not_there_is_to_be_made(fresh_app):
    with fresh_app.app_context():
        finding = checks.index(utc_now())

    assert not finding.well
    assert finding.remedy == "flask --app wsgi reindex"


def test_no_password_of_the_database_is_shown():
    class Refused(Exception):
        orig = Exception("connection refused\nsecond line")

    assert checks._why(Refused("postgresql://me:secret@host")) == "connection refused"
