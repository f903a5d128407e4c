"""How a joint answer comes by its points, or why it has none, in sentences: one a partner."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from marketplace import words
from marketplace.choosing.change_words import score_points
from marketplace.choosing.joint_scores import JointScore
from search.answer import COMPONENTS


def joint_sentences(
    joint: JointScore,
    names: Mapping[int, str],
    lots: Sequence[str],
    missing: Mapping[int, Sequence[str]],
) -> list[str]:
    """``names`` and ``missing`` (what a supplier lacks for the whole request, where it is one thing) by supplier id."""
    if joint.score is None:
        return _failing(joint, names, lots, missing)
    told = [
        _(
            "%(name)s (%(lots)s): %(points)s points, %(parts)s.",
            name=names[part.supplier_id],
            lots=", ".join(lots[number] for number in part.lots),
            points=score_points(sum(part.contributions.values())),
            parts=_parts(part.contributions),
        )
        for part in joint.parts
    ]
    if joint.unanswered:
        told.append(
            _("Lines that nobody brings, at a price not known: %(parts)s.", parts=_parts(joint.unanswered))
        )
    return told


def _failing(joint, names, lots, missing) -> list[str]:
    if not joint.parts:
        return [_("Without points: nobody brings any of the lines.")]
    told = [_("Without points: each has to meet every requirement for what it brings.")]
    for id_ in joint.unsuitable:
        why = " ".join(missing.get(id_, ())) or _(
            "its catalogue does not answer what it brings, or lacks more than one requirement."
        )
        told.append(f"{names[id_]}: {why}")
    told += [
        _("%(lot)s: may not be divided, and several bring it.", lot=lots[number]) for number in joint.divided
    ]
    return told


def _parts(contributions: Mapping[str, float]) -> str:
    return ", ".join(
        f"{words.mid_sentence(words.COMPONENTS[component])} {score_points(contributions[component])}"
        for component in COMPONENTS
        if component in contributions
    )
