"""How the web processes are run; ``flask demo`` uses it too. See docs/deployment.md."""

import logging
import os

from marketplace.config import read_settings

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
_settings = read_settings({})

bind = f"{_settings['HOST']}:{_settings['PORT']}"
# sync workers: steadier tails than threads, and each request has its process for itself
workers = _settings["WEB_WORKERS"]
worker_class = "sync"
timeout = 60
graceful_timeout = 15
# what is read once is read before the processes part, and shared by them
preload_app = True
# nothing outside the instance folder
control_socket_disable = True
# who asks is decided by TRUSTED_PROXIES alone
forwarded_allow_ips = ""
max_requests = 20_000
max_requests_jitter = 2_000
# it would lie in the home folder, shared by every installation of this user
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def when_ready(server):
    from marketplace.db import db
    from marketplace.engines import load_registers
    from marketplace.schema import prepare_database

    with server.app.wsgi().app_context():
        prepare_database()
        load_registers()
        # a connection must not be shared with the processes that begin now
        db.engine.dispose()
