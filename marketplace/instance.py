"""The instance folder: what one installation keeps beside its database."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def file_lock(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold an advisory lock on ``path``; yields whether it was got (always true with ``wait``).

    The lock ends with the process that holds it, however that ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def load_secrets(instance: Path, shared: str = "") -> dict[str, str]:
    """The secrets of this installation, made once in ``instance``; every process gets the same ones.

    ``shared``: the file to read them from instead, where several machines must have the same. It is never made
    here, or each machine would make its own; raises :class:`FileNotFoundError` where it is missing.
    """
    if shared:
        return json.loads(Path(shared).read_text())
    path = instance / "secrets.json"
    if not path.exists():
        with file_lock(instance / "secrets.lock"):
            if not path.exists():
                _write_new(path)
    return json.loads(path.read_text())


def _write_new(path: Path) -> None:
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SECURITY_PASSWORD_SALT": secrets.token_urlsafe(32),
        "SECURITY_TOTP_SECRETS": {"1": secrets.token_urlsafe(32)},
    }
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as handle:
        json.dump(made, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())
    # whole or absent: a process that finds the file finds all of it
    os.replace(beside, path)
