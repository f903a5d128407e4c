"""How the web processes are run; ``flask demo`` uses it too. See docs/deployment.md."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

from marketplace.config import read_settings
from marketplace.monitoring import logs
from marketplace.monitoring.metrics_folders import METRICS_FOLDER, sweep_metrics

# pages are short; commands and the worker may take their time
os.environ.setdefault("STATEMENT_TIMEOUT_S", "30")
_settings = read_settings({})
logs.configure(_settings["LOG_FORMAT"])
_memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
sweep_metrics(Path(_memory or tempfile.gettempdir()))
# each process counts into a file of its own there; before anything imports the library that reads it. Not in the
# instance folder: a mapped file on a full disk ends the process that writes to it
_mine = f"{METRICS_FOLDER}{os.getpid()}-"
if not Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")).name.startswith(_mine):
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=_mine, dir=_memory)

bind = f"{_settings['HOST']}:{_settings['PORT']}"
# sync workers: steadier tails than threads, and each request has its process for itself
workers = _settings["WEB_WORKERS"]
worker_class = "sync"
timeout = 60
# whoever is being answered when the end comes may take as long as anybody
graceful_timeout = timeout + 5
# what is read once is read before the processes part, and shared by them
preload_app = True
# who asks is decided by TRUSTED_PROXIES alone
forwarded_allow_ips = ""
max_requests = 20_000
max_requests_jitter = 2_000
# it would lie in the home folder, shared by every installation of this user
control_socket_disable = True
worker_tmp_dir = _memory


def when_ready(server):
    from marketplace.db import db
    from marketplace.engines import load_registers
    from marketplace.schema import prepare_database

    with server.app.wsgi().app_context():
        prepare_database()
        load_registers()
        # a connection must not be shared with the processes that begin now
        db.engine.dispose()
    # what is there now stays: the collector need not go through it in every process, nor unshare its memory
    gc.collect()
    gc.freeze()


def child_exit(server, worker):
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
