"""Becomes gunicorn with a listening socket handed over as systemd does (sd_listen_fds)."""

import os
import sys

os.dup2(int(sys.argv[1]), 3)
os.set_inheritable(3, True)
os.environ |= {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "wsgi:application"])
