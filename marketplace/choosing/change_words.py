"""What has changed since a list was frozen, in sentences."""

from collections.abc import Mapping

from flask_babel import format_decimal, lazy_gettext
from flask_babel import gettext as _

from marketplace import words
from marketplace.choosing.changes import Change, JointChange
from marketplace.matches.sentences import Naming, sentence
from search.reasons import REASONS, Reason

TOUCHED: Mapping[str, object] = {
    "name": lazy_gettext("its name"),
    "seat": lazy_gettext("its seat"),
    "areas": lazy_gettext("where it delivers or works"),
    "claims": lazy_gettext("how it proves its characteristics"),
    "offers": lazy_gettext("its products and services"),
    "qualifications": lazy_gettext("its qualifications"),
}

RULES: Mapping[str, object] = {
    "demand": lazy_gettext("The request itself was changed or made clear."),
    "constants": lazy_gettext("The constants of the calculation are others."),
    "evidence_values": lazy_gettext("What each kind of proof is worth is different."),
    "criteria": lazy_gettext("The register of criteria has changed."),
    "tree": lazy_gettext("The tree of categories has changed."),
}

MUSTS: Mapping[str, object] = {
    "reach": lazy_gettext("where it delivers or works"),
    "distance": lazy_gettext("the distance"),
    "criteria": lazy_gettext("what was indispensable"),
    "reserved": lazy_gettext("the qualification asked"),
    "season": lazy_gettext("the season"),
    "capacity": lazy_gettext("the quantity"),
}


def change_sentences(change: Change, naming: Naming) -> list[str]:
    """What is told of one supplier: where it stood and stands, why, and what of it is different."""
    told = [_standing(change)]
    told += [_reason(reason, naming) for reason in change.reasons]
    if change.moved_parts:
        told.append(
            _(
                "Points: %(parts)s.",
                parts=", ".join(
                    f"{words.COMPONENTS[component]} {_points(moved)}"
                    for component, moved in change.moved_parts.items()
                ),
            )
        )
    if change.touched:
        told.append(
            _(
                "Different since then: %(what)s.",
                what=", ".join(str(TOUCHED[name]) for name in change.touched),
            )
        )
    return told


def joint_sentence(change: JointChange) -> str:
    """What is told of a joint answer."""
    if change.kind == "gone":
        return _("This joint answer was in the list; today there is none of these suppliers.")
    after = _points_or_none(change.after)
    if change.kind == "added":
        return _("This joint answer was not in the list; today: %(after)s.", after=after)
    return _(
        "This joint answer: before %(before)s, today %(after)s.",
        before=_points_or_none(change.before),
        after=after,
    )


def _points_or_none(score: float | None) -> str:
    return _("no points") if score is None else _("%(points)s points", points=score_points(score))


def _standing(change: Change) -> str:
    if change.kind == "gone":
        return _("It was number %(rank)s; today it is not in the list.", rank=change.before["rank"])
    if change.kind == "added":
        return _("It was not in the list; today it would be number %(rank)s.", rank=change.after["rank"])
    return _(
        "From number %(before)s with %(before_score)s points to number %(after)s with %(after_score)s.",
        before=change.before["rank"],
        after=change.after["rank"],
        before_score=score_points(change.before["score"]),
        after_score=score_points(change.after["score"]),
    )


def _reason(reason: Mapping, naming: Naming) -> str:
    code = reason["code"]
    if code in REASONS:
        return sentence(
            Reason.of(code, **{name: value for name, value in reason.items() if name != "code"}), naming
        )
    return {
        "not_listed": lambda: _("It publishes nothing in the categories asked any more, or is not here."),
        "several_musts": lambda: _("It lacked more than one requirement."),
        "was_not_listed": lambda: _("It published nothing in the categories asked."),
        "held_back": lambda: _("One requirement was missing: %(must)s.", must=MUSTS[reason["must"]]),
    }[code]()


def score_points(score: float) -> str:
    """A score of 0 to 1 as points out of 100, with one decimal."""
    return format_decimal(round(score * 100, 1), format="0.0")


def _points(moved: float) -> str:
    return f"{'+' if moved > 0 else '−'}{format_decimal(round(abs(moved) * 100, 1), format='0.0')}"
