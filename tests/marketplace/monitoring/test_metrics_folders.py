"""Folders of figures do not heap up where processes are killed."""

import os
import subprocess
import sys

from marketplace.monitoring.metrics_folders import METRICS_FOLDER, sweep_metrics


def test_only_folders_of_processes_that_are_gone_are_removed(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    names = [
        f"{METRICS_FOLDER}{os.getpid()}-a",
        f"{METRICS_FOLDER}{gone.pid}-b",
        f"{METRICS_FOLDER}x",
        "other-1-c",
    ]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "counter_1.db").write_text("1")
    sweep_metrics(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({*names} - {names[1]})
