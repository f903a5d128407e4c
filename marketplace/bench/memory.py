"""How much memory a way needs to answer, tried in a process that does nothing else.

    python -m marketplace.bench.memory WAY FOLDER

prints the bytes by which the process grew from before it knew the index until it had answered every question once.
"""

import subprocess
import sys
from pathlib import Path

from marketplace import engines
from marketplace.bench.districts import DistrictMaker
from marketplace.bench.figures import ASKED
from marketplace.bench.measuring import resident_memory
from marketplace.bench.ways import WAYS
from marketplace.bench.ways.way import Setting, does
from marketplace.bench.workload import make_workload
from marketplace.config import ROOT


def memory_to_answer(way: str, folder: Path) -> int:
    """Bytes that a fresh process needs; the index must be in the folder."""
    command = [sys.executable, "-m", "marketplace.bench.memory", way, str(folder)]
    return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def main(name: str, folder: str) -> None:
    names = {comune.istat: comune.name for comune in engines.comuni()}
    setting = Setting(Path(folder), engines.categories(), engines.criteria(), names)
    workload = make_workload(DistrictMaker(engines.categories(), engines.criteria(), engines.comuni()))
    before = resident_memory()
    way = WAYS[name](setting)
    for work in ASKED:
        for question in getattr(workload, work) if does(way, work) else ():
            getattr(way, work)(question)
    print(resident_memory() - before)


if __name__ == "__main__":
    main(*sys.argv[1:])
