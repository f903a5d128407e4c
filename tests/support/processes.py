"""Several processes at once, as those of a site that is started, without each of them importing everything anew."""

import multiprocessing
from multiprocessing.pool import Pool


def processes(number: int) -> Pool:
    """A pool of so many, to be used in a ``with``: forked from one that has only imported, and shares nothing else."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["marketplace", "tests.factories"])
    return context.Pool(number)
