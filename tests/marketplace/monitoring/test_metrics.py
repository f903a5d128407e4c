"""``/metrics`` for whoever has the token, and request ids."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from marketplace.clock import utc_now
from marketplace.monitoring.logs import JsonLines
from marketplace.monitoring.metrics import exposition
from marketplace.outbox import announce_supplier


@pytest.fixture
def token(app, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "a-long-token")
    return {"Authorization": "Bearer a-long-token"}


def test_figures_are_for_whoever_has_the_token(client, token):
    client.get("/about")

    answer = client.get("/metrics", headers=token)

    assert answer.status_code == 200
    assert 'incontro_requests_total{method="GET",route="/about",status="200"}' in answer.text
    assert 'incontro_outbox_entries{topic="mail"} 0.0' in answer.text


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer other"}, {"Authorization": "Basic YTpi"}])
def test_to_others_there_are_none(client, token, sent):
    assert client.get("/metrics", headers=sent).status_code == 404


def test_without_a_token_there_are_none(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_what_waits_is_counted_with_its_age(session, app):
    now = utc_now()
    announce_supplier(session, 7, now - timedelta(seconds=30))
    session.flush()

    figures = exposition(session, Path(app.instance_path), now)

    assert b'incontro_outbox_entries{topic="supplier"} 1.0' in figures
    assert b'incontro_outbox_oldest_seconds{topic="supplier"} 30.0' in figures


def test_an_address_of_a_page_is_never_a_label(client, token):
    client.get("/organisations/nobody-of-ours")

    assert "nobody-of-ours" not in client.get("/metrics", headers=token).text


def test_every_answer_carries_an_id_of_our_own(client):
    first, second = (client.get("/about", headers={"X-Request-Id": "forged-by-somebody"}) for _ in range(2))

    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert "forged" not in first.headers["X-Request-Id"]


def test_a_line_of_the_log_is_one_json_object():
    record = logging.LogRecord("a.b", logging.INFO, "", 0, "two\nlines %s", ("è",), None)
    record.route, record.ms = "/about", 3.2

    line = JsonLines().format(record)

    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines è"
    assert json.loads(line)["route"] == "/about"
