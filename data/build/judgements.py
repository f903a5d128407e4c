"""Write ``data/relevance/judgements.csv``: which offers of the demo district answer which query, and how well.

    python data/build/judgements.py

Nobody can read 3,000 titles for each of a hundred queries, so the judging is written down as rules
(``data/relevance/rules.csv``) and expanded here. For a query the rules are read from the top, and the
first that an offer fits gives its grade:

- ``category``: codes joined by ``|``; the offer is in one of them or below (empty: anywhere);
- ``title``: a regular expression found in the title in lower case and without accents (empty: any);
- ``criterion``: the offer or its organisation claims it (empty: no matter).

Grades: 3, what was asked; 2, answers it as well, if not by the letter; 1, related, one might take it; offers that
fit no rule have 0 and are not written. Rules say what a person would want who typed the query; they are written
from titles and categories, never from what an engine answers.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from search.taxonomy import CategoryTree  # noqa: E402
from search.text import fold  # noqa: E402

RELEVANCE = ROOT / "data" / "relevance"
DEMO = ROOT / "data" / "demo"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judgements() -> Iterator[tuple[str, str, int]]:
    """(query, organisation/offer, grade) in the order of queries, the best grades first."""
    tree = CategoryTree.load(ROOT / "data" / "categories.csv")
    claims = {(row["organisation"], row["offer"], row["criterion"]) for row in rows(DEMO / "claims.csv")}
    offers = [row for row in rows(DEMO / "offers.csv") if row["status"] == "published"]
    categories = {row["category"]: tree.resolve(row["category"]) for row in offers}
    rules = rows(RELEVANCE / "rules.csv")
    for query in rows(RELEVANCE / "queries.csv"):
        of_query = [rule for rule in rules if rule["query"] == query["key"]]
        found = []
        for offer in offers:
            code = categories[offer["category"]]
            lineage = {code, *tree.ancestors(code)} if isinstance(code, str) else set()
            title = fold(offer["title"])
            for rule in of_query:
                if fits(rule, offer, lineage, title, claims):
                    found.append(
                        (query["key"], f"{offer['organisation']}/{offer['key']}", int(rule["grade"]))
                    )
                    break
        yield from sorted(found, key=lambda judged: -judged[2])


def fits(
    rule: dict[str, str],
    offer: dict[str, str],
    lineage: set[str],
    title: str,
    claims: set[tuple[str, str, str]],
) -> bool:
    """Whether a rule speaks of an offer."""
    if rule["category"] and not lineage & set(rule["category"].split("|")):
        return False
    if rule["criterion"] and not claims & {
        (offer["organisation"], holder, rule["criterion"]) for holder in ("", offer["key"])
    }:
        return False
    return not rule["title"] or re.search(rule["title"], title) is not None


def main() -> None:
    with (RELEVANCE / "judgements.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("query", "offer", "grade"))
        writer.writerows(judgements())


if __name__ == "__main__":
    main()
