"""A small installation in processes of its own: gunicorn and a worker, that can be killed one by one."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from flask import Flask

from marketplace import create_app
from marketplace.clock import utc_now
from marketplace.config import SETTINGS
from marketplace.db import db, writing
from marketplace.outbox import announce_supplier
from tests.factories import make_offer, make_organisation

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60
#: On a machine that does much else a start takes long.
START_S = 120


class House:
    """Processes over one instance folder, and this test's own application on the same database.

    ``settings`` are environment variables of the processes: without any, SQLite and no mail server.
    """

    def __init__(self, instance: Path, **settings: str):
        self.instance = instance
        instance.mkdir(exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = {"INSTANCE": str(instance), "DATABASE_URL": "", "MAIL_SERVER": ""} | settings
        self._processes: list[subprocess.Popen] = []
        self._apps: list[Flask] = []
        self._socket: socket.socket | None = None
        self._log = open(instance / "processes.log", "ab")

    def start(self, *command: str, keep: socket.socket | None = None) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=os.environ | {"PORT": str(self.port)} | self.settings,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(keep.fileno(),) if keep else (),
        )
        self._processes.append(process)
        return process

    def start_web(self) -> subprocess.Popen:
        return self.start("gunicorn", "wsgi:application")

    def serve(self) -> subprocess.Popen:
        """Web processes and a worker, up when this returns; the web processes' parent."""
        web = self.start_web()
        self.worker = self.start_worker()
        eventually(lambda: self.status() == "ok", "it never served", START_S)
        return web

    def hold_socket(self) -> None:
        """Listen from now on, as systemd does for incontro-web.socket, whoever answers meanwhile."""
        self._socket = socket.create_server(("127.0.0.1", self.port), backlog=2048)

    def start_web_on_held_socket(self) -> subprocess.Popen:
        """As systemd starts the service: the socket is descriptor 3, and the variables say so."""
        return self.start("tests.ordeal.socket_activation", str(self._socket.fileno()), keep=self._socket)

    def start_worker(self) -> subprocess.Popen:
        return self.start("flask", "--app", "wsgi", "worker")

    def kill(self, process: subprocess.Popen) -> None:
        """As the system does when memory runs out: the whole group, at once, without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        if self._log.closed:
            return
        self.let_go()
        for process in self._processes:
            if process.poll() is None:
                process.terminate()
        for process in self._processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill(process)
        if self._socket:
            self._socket.close()
        self._log.close()
        # shown where the test failed
        print(self.log()[-12_000:])

    def app(self, **config) -> Flask:
        parsed = {name: SETTINGS[name].parse(text) for name, text in self.settings.items()}
        self._apps.append(create_app(parsed | {"TESTING": True} | config))
        return self._apps[-1]

    def let_go(self) -> None:
        """Give back the test's own connections, before the server is killed or its connections are counted."""
        for app in self._apps:
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(self.address + path, timeout=20) as response:
            return json.load(response)

    def search(self, text: str) -> dict:
        return self.get("/api/v1/offers?" + urllib.parse.urlencode({"q": text}))

    def status(self) -> str | None:
        try:
            return self.get("/healthz")["status"]
        except (urllib.error.URLError, OSError, ValueError):
            return None

    def log(self) -> str:
        return (self.instance / "processes.log").read_text(errors="replace")


def publish(app: Flask, title: str) -> int:
    """A new organisation with one offer, announced; its id."""
    with app.app_context(), writing():
        owner = make_organisation(db.session, slug=f"slug-{title.lower().replace(' ', '-')}")
        make_offer(db.session, owner, title=title)
        announce_supplier(db.session, owner.id, utc_now())
        db.session.commit()
        return owner.id


def eventually(condition, what: str, seconds: float = PATIENCE_S, every: float = 0.05) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, what
        time.sleep(every)
