"""Figures in Prometheus' form: requests by route, what waits in the outbox, how old the worker's last sign is.

Several web processes count into files of one folder (``PROMETHEUS_MULTIPROC_DIR``, set by gunicorn.conf.py), so
that whichever of them is asked answers for all.
"""

import logging
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa
from flask import Flask, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.orm import Session

from marketplace.outbox import OutboxEntry, Topic
from marketplace.worker import worker_age

log = logging.getLogger("marketplace.requests")

#: Seconds: what a page promises lies in the middle.
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_counted = CollectorRegistry()
_REQUESTS = Counter(
    "incontro_requests", "Requests answered", ["method", "route", "status"], registry=_counted
)
_SECONDS = Histogram(
    "incontro_request_seconds", "Time to answer", ["route"], buckets=_BUCKETS, registry=_counted
)


def init_app(app: Flask) -> None:
    @app.before_request
    def start_the_clock() -> None:
        g.began = perf_counter()

    @app.after_request
    def count(response):
        # the rule, not the address: that would name what people look at, and grow without end
        route = request.url_rule.rule if request.url_rule else "(none)"
        seconds = perf_counter() - g.get("began", perf_counter())
        _REQUESTS.labels(request.method, route, response.status_code).inc()
        _SECONDS.labels(route).observe(seconds)
        if app.config["LOG_REQUESTS"]:
            log.info(
                "%s %s %d",
                request.method,
                route,
                response.status_code,
                extra={
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "ms": round(seconds * 1000, 1),
                },
            )
        return response


def exposition(session: Session, instance: Path, now: datetime) -> bytes:
    """Everything, in Prometheus' text form."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        requests = generate_latest(registry)
    else:
        requests = generate_latest(_counted)
    states = CollectorRegistry()
    states.register(_States(session, instance, now))
    return requests + generate_latest(states)


class _States:
    """What is looked up when somebody asks."""

    def __init__(self, session: Session, instance: Path, now: datetime):
        self._session, self._instance, self._now = session, instance, now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        waiting = GaugeMetricFamily("incontro_outbox_entries", "Entries that wait", labels=["topic"])
        failing = GaugeMetricFamily(
            "incontro_outbox_failing", "Entries that failed at least once", labels=["topic"]
        )
        oldest = GaugeMetricFamily(
            "incontro_outbox_oldest_seconds", "Age of the oldest entry", labels=["topic"]
        )
        found = {row.topic: row for row in self._session.execute(_by_topic())}
        for topic in Topic:
            row = found.get(topic)
            waiting.add_metric([topic], row.waiting if row else 0)
            failing.add_metric([topic], row.failing or 0 if row else 0)
            oldest.add_metric([topic], (self._now - row.oldest).total_seconds() if row else 0)
        yield from (waiting, failing, oldest)
        age = worker_age(self._instance)
        if age is not None:
            yield GaugeMetricFamily(
                "incontro_worker_age_seconds", "Since the worker's last sign of life", value=age
            )


def _by_topic() -> sa.Select:
    return sa.select(
        OutboxEntry.topic,
        sa.func.count().label("waiting"),
        sa.func.sum(sa.case((OutboxEntry.attempts > 0, 1), else_=0)).label("failing"),
        sa.func.min(OutboxEntry.created_at).label("oldest"),
    ).group_by(OutboxEntry.topic)
