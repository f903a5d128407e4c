"""The whole product as a newcomer starts it: ``flask demo``, web processes and worker, on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
#: Seconds: loading the demo district and building its index happen before the first answer.
_START_LIMIT = 180
#: Longer than a full machine takes; only what never stops is killed.
_STOP_LIMIT = 60


@contextmanager
def running_server(instance: Path, environment: Mapping[str, str] = {}) -> Iterator[str]:
    """Yield the address of a running Incontro with the demo district, kept in ``instance``; stop it cleanly."""
    port = _free_port()
    instance.mkdir(parents=True, exist_ok=True)
    log = instance / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
            cwd=_ROOT,
            env=os.environ | {"PORT": str(port), "INSTANCE": str(instance)} | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_serves(f"{address}/healthz", process, log)
        yield address
    finally:
        _stop(process)


def _wait_until_it_serves(url: str, process: subprocess.Popen, log: Path) -> None:
    give_up = time.monotonic() + _START_LIMIT
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode}:\n{_tail(log)}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server does not serve after {_START_LIMIT} s:\n{_tail(log)}")


def _stop(process: subprocess.Popen) -> None:
    """As Ctrl-C does; what does not heed it is killed, and the test hears of it."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_STOP_LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise RuntimeError(f"the server did not stop within {_STOP_LIMIT} s of SIGINT") from None


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-40:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
