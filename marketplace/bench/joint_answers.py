"""``flask bench-joint``: how long it takes to find who answers together, on generated lots and suppliers."""

import random
import time

import click

from search.combinations import TIME_LIMIT_S, AskedLot, Candidate, combine

SEEDS = 20
QUANTITY = 1_000_000


def generated(seed: int, lots: int, suppliers: int) -> tuple[list[AskedLot], list[Candidate]]:
    """Each supplier has two lots in five, mostly from a twentieth to a half of what is asked, seldom all of it."""
    dice = random.Random(seed)
    asked = [AskedLot(QUANTITY, splittable=dice.random() < 0.8) for _ in range(lots)]
    candidates = [
        Candidate(
            number,
            km=dice.uniform(1, 60),
            score=dice.random(),
            brings={
                lot: QUANTITY if dice.random() < 0.05 else dice.randint(QUANTITY // 20, QUANTITY // 2)
                for lot in range(lots)
                if dice.random() < 0.4
            },
        )
        for number in range(1, suppliers + 1)
    ]
    return asked, candidates


@click.command("bench-joint")
@click.option("--lots", default=8, help="Lots of the request.")
@click.option("--suppliers", default=200, help="Suitable suppliers.")
@click.option("--limit", default=TIME_LIMIT_S, help="Seconds after which the search stops.")
def bench_joint(lots: int, suppliers: int, limit: float) -> None:
    """Measure who answers together: seconds by the clock and of the processor, and how often time ran out."""
    combine(*generated(0, 2, 4))  # warm: the solver is imported with the first question
    took, worked, stopped = [], [], 0
    for seed in range(SEEDS):
        question = generated(seed, lots, suppliers)
        started, busy = time.perf_counter(), time.process_time()
        stopped += combine(*question, time_limit_s=limit).interrupted
        took.append(time.perf_counter() - started)
        worked.append(time.process_time() - busy)
    for name, seconds in (("clock", sorted(took)), ("processor", sorted(worked))):
        click.echo(f"{name}: median {seconds[SEEDS // 2]:.2f} s, longest {seconds[-1]:.2f} s")
    click.echo(f"stopped {stopped} times of {SEEDS}")
