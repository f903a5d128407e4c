"""Machines that share nothing but PostgreSQL: workers killed mid-batch, starts and restarts under load (7, 14, 45)."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketplace.clock import utc_now
from marketplace.db import db, writing
from marketplace.engines import index_engine
from marketplace.mail import message
from marketplace.mail_queue import TAKEN_FOR
from marketplace.outbox import OutboxEntry, Topic, post_mail
from tests.ordeal.bookers import Bookers
from tests.ordeal.house import ROOT, House, eventually, publish
from tests.ordeal.visitors import Visitor
from tests.support.postgres import _free_port
from tests.support.smtp import running_sink
from tests.support.standby import primary

pytestmark = pytest.mark.needs("postgres")

MAILS, SUPPLIERS = 200, 40


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(prefix="incontro-machines-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def url(folder):
    """An empty database: the extensions are there, no table is."""
    node = primary(folder / "primary")
    yield node.server.create_database("incontro")
    node.kill()


@pytest.fixture
def machines(folder, url):
    """Makes two machines, each with an instance folder of its own and the secrets of the first."""
    made = []

    def make(**settings):
        for number in range(2):
            shared = {"SECRETS_FILE": str(folder / "machine-0" / "secrets.json")} if number else {}
            made.append(House(folder / f"machine-{number}", DATABASE_URL=url, **shared, **settings))
            made[0].app()  # which makes the secrets
        return made

    yield make
    for one in made:
        one.stop()


def waiting(app, topic=None) -> int:
    with app.app_context():
        query = sa.select(sa.func.count()).select_from(OutboxEntry)
        return db.session.scalar(query.where(OutboxEntry.topic == topic) if topic else query)


def test_two_machines_that_start_together_on_an_empty_database_serve(machines):
    first, second = machines()
    for machine in (first, second):
        machine.start_web()
        machine.start_worker()
    for machine in (first, second):
        eventually(lambda machine=machine: machine.status() == "ok", "it never served", 120)
        assert "Traceback" not in machine.log()
    publish(first.app(), "Stracchino ordalico")
    for machine in (first, second):
        eventually(lambda machine=machine: machine.search("stracchino")["total"] == 1, "it was never found")


def test_a_worker_killed_amid_its_work_is_followed_and_everything_takes_effect_once(machines):
    with running_sink() as sink:
        settings = {"MAIL_SERVER": sink.host, "MAIL_PORT": str(sink.port), "MAIL_USE_TLS": "0"}
        first, second = machines(**settings)
        one, other = first.start_worker(), None
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


def load(address, path, stop, statuses):
    """Asks without pause and counts what is answered, or that nothing is."""
    while not stop.is_set():
        try:
            statuses[Visitor(address).get(path).status] += 1
        except Exception as problem:
            statuses[type(problem).__name__] += 1
        time.sleep(0.01)


def test_web_processes_are_renewed_under_load_and_no_request_is_lost(machines):
    machine, _ = machines()
    web = machine.start_web()
    eventually(lambda: machine.status() is not None, "it never served", 120)
    bookers = Bookers(machine.app(), machine.address)
    statuses, stop = Counter(), threading.Event()
    reader = threading.Thread(
        target=load, args=(machine.address, f"/organisations/{bookers.slug}", stop, statuses), daemon=True
    )
    reader.start()
    bookers.start()
    try:
        for _ in range(3):
            before = bookers.taken
            web.send_signal(signal.SIGHUP)
            eventually(lambda before=before: bookers.taken > before + 20, "nobody books")
    finally:
        stop.set()
        reader.join()
        bookers.stop()
    bookers.check()
    assert set(statuses) == {200}, statuses
    assert set(bookers.statuses) == {302}, bookers.statuses
    assert machine.log().count("Handling signal: hup") == 3


def through_nginx(folder: Path, machines) -> tuple[str, subprocess.Popen]:
    """docs/deploy/nginx.conf without TLS, on a port of its own, before all the machines."""
    text = (ROOT / "docs/deploy/nginx.conf").read_text()
    port = _free_port()
    upstream = "".join(f"server 127.0.0.1:{one.port} max_fails=1 fail_timeout=5s;" for one in machines)
    text = text.replace("server 127.0.0.1:8000 max_fails=1 fail_timeout=5s;", upstream)
    # on a machine that does much else a start takes long
    text = text.replace("proxy_read_timeout 60s", "proxy_read_timeout 150s")
    head, _, rest = text.partition("server {\n    listen 80;")
    text = head + "server {" + rest.partition("server {\n    listen 443 ssl;")[2]
    text = "\n".join(line for line in text.splitlines() if "ssl_certificate" not in line)
    text = text.replace(
        "server {\n    server_name", f"server {{\n    listen 127.0.0.1:{port};\n    server_name"
    )
    whole = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; events {{}}\n"
    whole += f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
    (folder / "nginx.conf").write_text(f"{whole}{text}\n}}\n")
    process = subprocess.Popen(["nginx", "-e", f"{folder}/nginx.log", "-c", f"{folder}/nginx.conf"])
    return f"http://127.0.0.1:{port}", process


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_machines_restarted_one_after_the_other_behind_nginx_lose_no_request(machines, folder):
    both = machines(TRUSTED_PROXIES="1")
    for machine in both:
        machine.hold_socket()
    webs = [machine.start_web_on_held_socket() for machine in both]
    for machine in both:
        eventually(lambda machine=machine: machine.status() is not None, "it never served", 120)
    address, nginx = through_nginx(folder, both)
    statuses, stop = Counter(), threading.Event()
    try:
        eventually(lambda: nginx.poll() is None and answers(address), "nginx never served", 30)
        bookers = Bookers(both[0].app(), address)
        reader = threading.Thread(
            target=load, args=(address, f"/organisations/{bookers.slug}", stop, statuses), daemon=True
        )
        reader.start()
        bookers.start()
        for number, machine in enumerate(both):
            before = bookers.taken
            eventually(lambda before=before: bookers.taken > before + 10, "nobody books")
            webs[number].send_signal(signal.SIGTERM)
            assert webs[number].wait(90) == 0
            machine.start_web_on_held_socket()
            eventually(lambda machine=machine: machine.status() is not None, "it never came back", 120)
        stop.set()
        reader.join()
        bookers.stop()
    finally:
        stop.set()
        nginx.terminate()
        nginx.wait()
    bookers.check()
    print(statuses, bookers.statuses)
    assert set(statuses) == {200}, statuses
    assert set(bookers.statuses) == {302}, bookers.statuses


def answers(address: str) -> bool:
    try:
        return Visitor(address).get("/healthz").status == 200
    except OSError:
        return False
