"""Two workers, one killed amid its work: each entry of the outbox takes effect once (ordeal 45), on both databases."""

import os
from collections import Counter

import sqlalchemy as sa

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.engines import index_engine
from marketplace.mail import message
from marketplace.mail_queue import TAKEN_FOR
from marketplace.outbox import OutboxEntry, Topic, post_mail
from tests.ordeal.conftest import POSTGRES
from tests.ordeal.house import eventually, publish
from tests.support.smtp import running_sink

MAILS, SUPPLIERS = 200, 40


def waiting(app, topic=None) -> int:
    with app.app_context():
        query = sa.select(sa.func.count()).select_from(OutboxEntry)
        return db.session.scalar(query.where(OutboxEntry.topic == topic) if topic else query)


def test_a_worker_killed_amid_its_work_is_followed_and_everything_takes_effect_once(kind, make_house, tables):
    with running_sink() as sink:
        settings = {"MAIL_SERVER": sink.host, "MAIL_PORT": str(sink.port), "MAIL_USE_TLS": "0"}
        first = make_house("machine-0", **tables, **settings)
        second = first
        if kind == POSTGRES:
            # on a machine of its own, which shares nothing but the database
            second = make_house("machine-1", **tables, **settings)
        one = first.start_worker()
        app = first.app()
        eventually(lambda: "worker.heartbeat" in os.listdir(first.instance), "it never worked", 60)
        other = second.start_worker()
        with app.app_context(), writing():
            for number in range(MAILS):
                letter = message(to=f"household-{number}@example.org", subject=f"{number}", text="Text")
                post_mail(db.session, letter, utc_now())
            db.session.commit()
        suppliers = {publish(app, f"Offerta {number}") for number in range(SUPPLIERS)}
        eventually(lambda: len(sink.messages) > MAILS // 4, "no mail comes")
        first.kill(one)
        at_death = len(sink.messages)
        assert at_death < MAILS, "it was too quick to be killed amid"
        eventually(lambda: waiting(app, Topic.MAIL) <= 1, "nobody took over", 120)
        if waiting(app, Topic.MAIL):
            # the one that it had in its hands belongs to it for a while yet: let that be over
            with app.app_context(), writing():
                db.session.execute(sa.update(OutboxEntry).values(not_before=utc_now() - TAKEN_FOR))
                db.session.commit()
        eventually(lambda: waiting(app) == 0, "the outbox never drained", 60)
        came = Counter(mail["Message-ID"] for mail in sink.messages)
        assert len(came) == MAILS
        again = [id_ for id_, times in came.items() if times > 1]
        assert len(again) <= 1, "only what was in its hands may come again, by the same Message-ID"
        with app.app_context():
            assert index_engine().counts() == (len(suppliers), len(suppliers))
            db.engine.dispose()
        assert other.poll() is None
