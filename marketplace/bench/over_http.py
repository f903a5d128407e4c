"""``flask bench-http``: whole search pages over HTTP, asked by ``wrk``, and where one process spends its time."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import click
from flask.cli import with_appcontext

from marketplace import engines
from marketplace.bench.districts import DistrictMaker
from marketplace.bench.page_profile import profile_pages
from marketplace.bench.pages import insert_district, page_address, private_app
from marketplace.bench.ways.embedded_way import EmbeddedWay
from marketplace.bench.ways.way import Setting
from marketplace.bench.workload import make_workload
from marketplace.config import ROOT
from marketplace.db import db

PROGRAM = "wrk"
START_LIMIT_S = 120
_SCRIPT = """
local addresses = {%s}
local number = 0
request = function()
    number = number %% #addresses + 1
    return wrk.format("GET", addresses[number])
end
"""
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}


class Answered(NamedTuple):
    """What ``wrk`` saw: pages a second, milliseconds, and how many were no pages."""

    per_second: float
    median_ms: float
    p99_ms: float
    failed: int


@click.command("bench-http")
@click.option("--offers", default=10_000, help="Offers of the generated district.")
@click.option("--seconds", default=20, help="How long pages are asked for.")
@click.option("--connections", default=8)
@click.option("--workers", default=2, help="Web processes.")
@click.option("--profile", is_flag=True, help="Then say what one process does meanwhile.")
@with_appcontext
def bench_http(offers: int, seconds: int, connections: int, workers: int, profile: bool) -> None:
    """Ask whole search pages (words, place, criteria, facets, reasons) of gunicorn with wrk."""
    if not shutil.which(PROGRAM):
        raise click.ClickException("wrk is not on the PATH (on Debian: apt-get install wrk).")
    with tempfile.TemporaryDirectory(prefix="incontro-bench-") as folder:
        instance = Path(folder) / "instance"
        click.echo(f"A district of {offers:,} offers is made", err=True)
        addresses = _prepare(instance, offers)
        for kept in (0, len(addresses)):
            with serving(instance, workers, kept) as (address, master):
                _warm(address, addresses, workers if kept else 1)
                before = _processor_seconds(master)
                answered = ask(address, addresses, seconds, connections)
                busy = _processor_seconds(master) - before
            pages = answered.per_second * seconds
            click.echo(
                f"{'pages kept while nothing changes' if kept else 'every page made anew'}: "
                f"{answered.per_second:.0f} a second, median {answered.median_ms:.0f} ms, "
                f"p99 {answered.p99_ms:.0f} ms, {answered.failed} failed, "
                f"{1_000 * busy / max(pages, 1):.2f} ms of processor time a page"
            )
        click.echo(
            f"{workers} web processes, {connections} connections, {seconds} s, load "
            f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        if profile:
            click.echo(profile_pages(private_app(instance), addresses))


def _prepare(instance: Path, offers: int) -> list[str]:
    """An installation with index and database; the addresses to ask."""
    names = {comune.istat: comune.name for comune in engines.comuni()}
    maker = DistrictMaker(engines.categories(), engines.criteria(), engines.comuni())
    app = private_app(instance)
    setting = Setting(instance / "index", engines.categories(), engines.criteria(), names)
    EmbeddedWay(setting).build(maker.suppliers(offers))
    insert_district(app, maker.suppliers(offers))
    with app.app_context():
        db.engine.dispose()
    workload = make_workload(maker)
    queries = [
        query for pair in zip(workload.facets, workload.text_place_criteria, strict=True) for query in pair
    ]
    return ["/search?" + urlencode(list(page_address(query).items(multi=True))) for query in queries]


@contextmanager
def serving(instance: Path, workers: int, kept: int = 0) -> Iterator[tuple[str, int]]:
    """Gunicorn on a port of its own, each process keeping so many pages: its address, and its first process's id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"INSTANCE": str(instance), "PORT": str(port), "WEB_WORKERS": str(workers), "DATABASE_URL": ""}
    own |= {"SITE_URL": "", "HOST": "127.0.0.1", "KEPT_PAGES": str(kept)}
    with (instance / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "wsgi:application"],
            cwd=ROOT,
            env=os.environ | own,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(address: str, process: subprocess.Popen) -> None:
    give_up = time.monotonic() + START_LIMIT_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("the web processes do not serve") from None
            time.sleep(0.1)


def _warm(address: str, paths: Sequence[str], rounds: int = 1) -> None:
    for path in (*paths, *paths) * rounds:
        with urllib.request.urlopen(address + path, timeout=30) as page:
            page.read()


def ask(address: str, paths: Sequence[str], seconds: int, connections: int) -> Answered:
    """Ask the paths in turn, over and over."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT % ", ".join(json.dumps(path) for path in paths))
        script.flush()
        command = [PROGRAM, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
        command += ["-s", script.name, address]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return read_wrk(said)


def read_wrk(said: str) -> Answered:
    """What ``wrk --latency`` prints, as numbers."""
    errors = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    failed = sum(map(int, errors.groups())) if errors else 0
    return Answered(
        float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        _milliseconds(said, "50%"),
        _milliseconds(said, "99%"),
        failed + (int(refused[1]) if refused else 0),
    )


def _milliseconds(said: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\b", said).groups()
    return float(number) * _UNITS[unit]


def _processor_seconds(master: int) -> float:
    """What the processes under ``master`` have used so far; 0 where the system does not tell."""
    ticks = 0
    try:
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        for process in children:
            # after the name in brackets, which may hold blanks: state is the third field, utime the 14th
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    except OSError:
        return 0.0
    return ticks / os.sysconf("SC_CLK_TCK")
