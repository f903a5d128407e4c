"""The joint answers that a frozen list keeps beside its suppliers: who brings what, and the score of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.choosing.joint_scores import Brought, JointPart, JointScore, Matching, joint_scores
from search.constants import SCORE_DECIMALS
from search.demand import Demand


@dataclass(frozen=True, slots=True)
class JointAnswer:
    """``partners`` by id and name, who leads first; ``brought`` without prices, which no list keeps."""

    proposal_id: int
    partners: tuple[tuple[int, str], ...]
    brought: tuple[Brought, ...]


def answers_content(answers: Sequence[JointAnswer]) -> list[dict]:
    return [
        {
            "proposal_id": answer.proposal_id,
            "partners": [{"supplier_id": id_, "name": name} for id_, name in answer.partners],
            "lines": [
                {"supplier_id": one.supplier_id, "lot": one.lot, "quantity": one.quantity}
                for one in sorted(answer.brought, key=lambda one: (one.lot, one.supplier_id))
            ],
        }
        for answer in sorted(answers, key=lambda answer: answer.proposal_id)
    ]


def scores_content(answers: Sequence[Mapping], demand: Demand, matching: Matching) -> list[dict]:
    """What each answer of :func:`answers_content` is worth, in the order of the comparison."""
    scores = joint_scores(
        demand,
        {
            answer["proposal_id"]: [
                Brought(line["supplier_id"], line["lot"], line["quantity"]) for line in answer["lines"]
            ]
            for answer in answers
        },
        matching,
    )
    told = [_score(answer, scores[answer["proposal_id"]]) for answer in answers]
    return sorted(told, key=_order)


def read_score(content: Mapping) -> JointScore:
    """One of :func:`scores_content`."""
    return JointScore(
        content["score"],
        content["contributions"],
        tuple(
            JointPart(part["supplier_id"], tuple(part["lots"]), part["contributions"])
            for part in content["parts"]
        ),
        content["unanswered"],
        tuple(content["unsuitable"]),
        tuple(content["divided"]),
    )


def scores_outline(scores: Sequence[Mapping]) -> list[tuple]:
    """What has to be the same when a list is made again, the last bits of a machine aside."""
    return [
        (one["proposal_id"], _rounded(one["score"]), list(one["unsuitable"]), list(one["divided"]))
        for one in scores
    ]


def _score(answer: Mapping, score: JointScore) -> dict:
    return {
        "proposal_id": answer["proposal_id"],
        "partners": answer["partners"],
        "score": None if score.score is None else float(score.score),
        "contributions": _numbers(score.contributions),
        "parts": [
            {
                "supplier_id": part.supplier_id,
                "lots": list(part.lots),
                "contributions": _numbers(part.contributions),
            }
            for part in score.parts
        ],
        "unanswered": _numbers(score.unanswered),
        "unsuitable": list(score.unsuitable),
        "divided": list(score.divided),
    }


def _numbers(contributions: Mapping[str, float]) -> dict[str, float]:
    return {component: float(value) for component, value in contributions.items()}


def _order(told: Mapping) -> tuple:
    score = _rounded(told["score"])
    return (1.0 if score is None else -score, told["partners"][0]["name"], told["proposal_id"])


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, SCORE_DECIMALS)
