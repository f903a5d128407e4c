"""A ranked list kept with its whole input, and the same list made again from what was kept (MATCHING, Frozen answers).

Pure: documents in, plain JSON out. What is kept is the canonical JSON of RFC 8785, so that its SHA-256 can be worked
out again by any program that follows the same text. Recomputing never asks the live database.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

import rfc8785

from geo.areas import BORDER_KM
from geo.distance import EARTH_RADIUS_KM
from marketplace.choosing import frozen_values
from marketplace.choosing.frozen_joint import JointAnswer, answers_content, scores_content, scores_outline
from marketplace.choosing.joint_scores import Matching
from search import constants, taxonomy
from search.answer import Answer
from search.constants import KM_DECIMALS, MIN_SIMILARITY, SCORE_DECIMALS
from search.criteria import EVIDENCE_VALUES, CriteriaRegister, Profile, Proof
from search.demand import Demand
from search.documents import OfferDocument, SupplierDocument
from search.memory import World
from search.taxonomy import CategoryTree
from search.validation import EvidenceValues

#: The first format knew no joint answers; its lists are read as they are.
FORMAT = "incontro/frozen-list/2"


@dataclass(frozen=True, slots=True)
class Frame:
    """What is noted around a list: which demand, how it is called, and who froze it (an id)."""

    demand_id: int
    demand_type: str
    title: str
    actor_id: int | None


def freeze(
    frame: Frame,
    demand: Demand,
    suppliers: Iterable[SupplierDocument],
    *,
    considered: int | None = None,
    tree: CategoryTree,
    criteria: CriteriaRegister,
    now: datetime,
    versions: Mapping[int, int] = MappingProxyType({}),
    values: EvidenceValues = EVIDENCE_VALUES,
    joint_answers: Sequence[JointAnswer] = (),
) -> dict:
    """The content of a frozen list: the input of the match, and the list that it gives.

    ``suppliers`` must hold everybody in category; the rest is only counted: ``considered`` says how many there are in
    all, and where it is not given they are counted among ``suppliers``. ``joint_answers`` are those that the buyer may
    open by now. Raises what :func:`search.ranking.rank` raises.
    """
    documents = sorted(suppliers, key=lambda supplier: supplier.id)
    answering = answering_categories(demand, tree)
    kept = [(supplier, offers) for supplier in documents if (offers := _in_category(supplier, answering))]
    if considered is None:
        considered = World(documents, tree, criteria, values).columns.considered_count
    content = {
        "format": FORMAT,
        "demand_id": frame.demand_id,
        "demand_type": str(frame.demand_type),
        "title": frame.title,
        "frozen_by": frame.actor_id,
        "now": now.astimezone(UTC).isoformat(),
        "demand": frozen_values.demand_content(demand),
        "suppliers": [
            frozen_values.supplier_content(supplier, offers, versions) for supplier, offers in kept
        ],
        "considered": considered,
        "tree": {"version": tree.version, "nodes": _nodes(demand, kept, tree)},
        "criteria": [
            frozen_values.criterion_content(criteria[code])
            for code in sorted({one.criterion for one in (*demand.required, *demand.preferred)})
        ],
        "evidence_values": {
            profile.value: {proof.value: float(values[profile][proof]) for proof in Proof}
            for profile in Profile
        },
        "constants": rules(),
        "joint_answers": answers_content(joint_answers),
    }
    content["answer"] = frozen_values.answer_content(recompute(content)) | {
        "joint_answers": recompute_joint(content)
    }
    # through text and back, so that what is shown now and what is read later are the same values
    return json.loads(canonical(content))


def recompute(content: Mapping) -> Answer:
    """The whole answer again, from nothing but the content."""
    return replace(
        _matching(content)(frozen_values.read_demand(content["demand"])), considered=content["considered"]
    )


def recompute_joint(content: Mapping) -> list[dict]:
    """The scores of the joint answers again, none in a list of the first format."""
    answers = content.get("joint_answers", ())
    return (
        scores_content(answers, frozen_values.read_demand(content["demand"]), _matching(content))
        if answers
        else []
    )


def _matching(content: Mapping) -> Matching:
    """Matches demands with the suppliers, the rules and the moment of the content."""
    tree = CategoryTree(frozen_values.read_category(node) for node in content["tree"]["nodes"])
    criteria = CriteriaRegister(frozen_values.read_criterion(one) for one in content["criteria"])
    values = {
        Profile(profile): {Proof(proof): value for proof, value in table.items()}
        for profile, table in content["evidence_values"].items()
    }
    world = World(
        (frozen_values.read_supplier(supplier) for supplier in content["suppliers"]), tree, criteria, values
    )
    now = datetime.fromisoformat(content["now"])
    return lambda demand: world.match(demand, now)


def canonical(content: Mapping) -> bytes:
    """The content as RFC 8785 writes it, in UTF-8. Raises ``rfc8785.CanonicalizationError`` for what JSON has not."""
    return rfc8785.dumps(content)


def digest(canonical_json: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(canonical_json).hexdigest()


def gives_the_same_list(content: Mapping) -> bool:
    """Whether the list made again is the one that was kept, compared as ties are: the last bits of a machine aside."""
    again = frozen_values.answer_content(recompute(content)) | {"joint_answers": recompute_joint(content)}
    return _outline(again) == _outline(content["answer"])


def rules() -> dict:
    """Every constant that the list depends on; a list keeps those of its day."""
    named = {
        name: value
        for name, value in vars(constants).items()
        if name.isupper() and isinstance(value, int | float)
    }
    return {
        **{name.lower(): value for name, value in named.items()},
        "default_weights": dict(constants.DEFAULT_WEIGHTS),
        "earth_radius_km": EARTH_RADIUS_KM,
        "border_km": BORDER_KM,
        "similarity": {
            "same_or_below": taxonomy.SAME_OR_BELOW,
            "offer_one_level_above": taxonomy.OFFER_ONE_LEVEL_ABOVE,
            "offer_two_levels_above": taxonomy.OFFER_TWO_LEVELS_ABOVE,
            "siblings": taxonomy.SIBLINGS,
        },
    }


def answering_categories(demand: Demand, tree: CategoryTree) -> frozenset[str]:
    """The categories whose offers are in category for at least one lot."""
    return frozenset(
        code
        for code, similarity in tree.similarities(_asked(demand, tree)).items()
        if similarity >= MIN_SIMILARITY
    )


def _asked(demand: Demand, tree: CategoryTree) -> list[str]:
    return [
        code
        for lot in demand.lots
        for code in ((lot.category,) if lot.category is not None else tree.by_cpv(lot.cpv or ""))
    ]


def _in_category(supplier: SupplierDocument, answering: frozenset[str]) -> list[OfferDocument]:
    """The published offers in category of a supplier that is considered."""
    if not supplier.active or supplier.seat is None:
        return []
    return [offer for offer in supplier.offers if offer.published and offer.category in answering]


def _nodes(demand: Demand, kept, tree: CategoryTree) -> list[dict]:
    """The part of the tree that this list rests on: what is asked, what is offered, and everything above them."""
    wanted = set(_asked(demand, tree)) | {offer.category for _, offers in kept for offer in offers}
    wanted |= {above for code in wanted for above in tree.ancestors(code)}
    return [frozen_values.category_content(category) for category in tree if category.code in wanted]


def _outline(answer: Mapping) -> tuple:
    return (
        [
            (match["supplier_id"], match["rank"], round(match["score"], SCORE_DECIMALS))
            for match in answer["matches"]
        ],
        [
            (miss["supplier_id"], miss["failed"], round(miss["distance_km"], KM_DECIMALS))
            for miss in answer["near_misses"]
        ],
        answer["considered"],
        answer["in_category"],
        answer["failed"],
        scores_outline(answer.get("joint_answers", ())),
    )
