"""A PostgreSQL pair of a test's own, primary and streaming standby, that can be stopped and started."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.support.postgres import Server, _free_port, _run, _start


@dataclass(slots=True)
class Node:
    """One server of the pair."""

    server: Server
    data: Path

    def kill(self) -> None:
        """As if the machine lost power: nothing is written any more."""
        _run("pg_ctl", "stop", "-D", self.data, "-m", "immediate", "-w", check=False)

    def start(self) -> None:
        options = (
            f"-p {self.server.port} -c listen_addresses=127.0.0.1 "
            f"-c unix_socket_directories={self.server.folder} -c max_connections=100"
        )
        _run("pg_ctl", "start", "-D", self.data, "-l", self.data.parent / "log", "-w", "-o", options)


def primary(folder: Path) -> Node:
    return Node(_start(folder), folder / "data")


def standby(of: Node, folder: Path) -> Node:
    """A copy that follows ``of``; up when this returns."""
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = Server(str(folder), _free_port(), of.server.password)
    address = f"postgresql://incontro:{of.server.password}@127.0.0.1:{of.server.port}/postgres"
    _run("pg_basebackup", "-D", folder / "data", "-R", "-X", "stream", "-c", "fast", "-d", address)
    node = Node(server, folder / "data")
    node.start()
    return node
