"""What has changed between a frozen list and the same list made today: who came, who went, who moved, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from search.constants import SCORE_DECIMALS

#: Parts of a supplier that the match reads, by their names in a frozen list.
TOUCHABLE = ("name", "seat", "areas", "claims", "offers", "qualifications")


@dataclass(frozen=True, slots=True)
class Change:
    """One supplier. ``kind``: ``added``, ``gone`` or ``moved``.

    ``before`` and ``after`` are its entries among the matches (``None`` where it was or is not listed), ``reasons``
    codes with their values as in :mod:`search.reasons`, and ``not_listed`` (no longer here, or nothing in category
    any more), ``several_musts`` (it fails more than one), ``was_not_listed``, ``held_back`` with the must that it
    failed then. ``touched`` names what of the supplier itself is different (:data:`TOUCHABLE`).
    """

    kind: str
    supplier_id: int
    name: str
    before: Mapping | None
    after: Mapping | None
    reasons: tuple[Mapping, ...] = ()
    touched: tuple[str, ...] = ()

    @property
    def moved_parts(self) -> dict[str, float]:
        """By how much each contribution to the score has changed."""
        if self.before is None or self.after is None:
            return {}
        then, now = self.before["contributions"], self.after["contributions"]
        return {
            component: now.get(component, 0.0) - then.get(component, 0.0)
            for component in (*then, *(one for one in now if one not in then))
            if round(now.get(component, 0.0) - then.get(component, 0.0), SCORE_DECIMALS)
        }


def changes(frozen: Mapping, fresh: Mapping) -> tuple[Change, ...]:
    """From one content (:func:`marketplace.choosing.freezing.freeze`) to another: in the old order, then the new ones."""
    before, after = _by_supplier(frozen["answer"]["matches"]), _by_supplier(fresh["answer"]["matches"])
    found = []
    for id_, match in before.items():
        if id_ not in after:
            found.append(
                Change(
                    "gone",
                    id_,
                    match["name"],
                    match,
                    None,
                    _why_gone(id_, fresh),
                    _touched(id_, frozen, fresh),
                )
            )
        elif _place(match) != _place(after[id_]):
            found.append(
                Change(
                    "moved",
                    id_,
                    after[id_]["name"],
                    match,
                    after[id_],
                    touched=_touched(id_, frozen, fresh),
                )
            )
    found += [
        Change("added", id_, match["name"], None, match, _why_new(id_, frozen), _touched(id_, frozen, fresh))
        for id_, match in after.items()
        if id_ not in before
    ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class JointChange:
    """One joint answer: ``partners`` as the list has them; scores ``None`` where there was or is none to be given.

    ``kind``: ``added``, ``gone`` or ``moved``.
    """

    kind: str
    partners: tuple[str, ...]
    before: float | None = None
    after: float | None = None


def joint_changes(frozen: Mapping, fresh: Mapping) -> tuple[JointChange, ...]:
    """As :func:`changes`, of the joint answers. A list of the first format has none."""
    before, after = (
        {one["proposal_id"]: one for one in content["answer"].get("joint_answers", ())}
        for content in (frozen, fresh)
    )
    found = []
    for id_, one in before.items():
        if id_ not in after:
            found.append(JointChange("gone", _names(one), one["score"]))
        elif _joint_place(one) != _joint_place(after[id_]):
            found.append(JointChange("moved", _names(after[id_]), one["score"], after[id_]["score"]))
    found += [
        JointChange("added", _names(one), None, one["score"])
        for id_, one in after.items()
        if id_ not in before
    ]
    return tuple(found)


def _names(joint: Mapping) -> tuple[str, ...]:
    return tuple(partner["name"] for partner in joint["partners"])


def _joint_place(joint: Mapping) -> tuple:
    score = None if joint["score"] is None else round(joint["score"], SCORE_DECIMALS)
    return score, [partner["supplier_id"] for partner in joint["partners"]]


def rules_changed(frozen: Mapping, fresh: Mapping) -> tuple[str, ...]:
    """What else is different, besides the suppliers: ``demand``, ``tree``, ``constants``, ``evidence_values``, ``criteria``."""
    found = [
        name for name in ("demand", "constants", "evidence_values", "criteria") if frozen[name] != fresh[name]
    ]
    if frozen["tree"]["version"] != fresh["tree"]["version"]:
        found.append("tree")
    return tuple(found)


def _by_supplier(entries) -> dict[int, Mapping]:
    return {entry["supplier_id"]: entry for entry in entries}


def _place(match: Mapping) -> tuple:
    return match["rank"], round(match["score"], SCORE_DECIMALS)


def _touched(id_: int, frozen: Mapping, fresh: Mapping) -> tuple[str, ...]:
    then = next((one for one in frozen["suppliers"] if one["id"] == id_), None)
    now = next((one for one in fresh["suppliers"] if one["id"] == id_), None)
    if then is None or now is None:
        return ()
    return tuple(name for name in TOUCHABLE if then[name] != now[name])


def _why_gone(id_: int, fresh: Mapping) -> tuple[Mapping, ...]:
    near_miss = _by_supplier(fresh["answer"]["near_misses"]).get(id_)
    if near_miss is not None:
        return tuple(near_miss["reasons"])
    if any(supplier["id"] == id_ for supplier in fresh["suppliers"]):
        return ({"code": "several_musts"},)
    return ({"code": "not_listed"},)


def _why_new(id_: int, frozen: Mapping) -> tuple[Mapping, ...]:
    near_miss = _by_supplier(frozen["answer"]["near_misses"]).get(id_)
    if near_miss is not None:
        return ({"code": "held_back", "must": near_miss["failed"]},)
    if any(supplier["id"] == id_ for supplier in frozen["suppliers"]):
        return ({"code": "several_musts"},)
    return ({"code": "was_not_listed"},)
