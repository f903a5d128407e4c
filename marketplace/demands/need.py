"""A filled form as the matcher's demand, and the matcher's refusals beside the fields of the form."""

from dataclasses import replace
from datetime import date, timedelta

from flask_babel import gettext as _

from marketplace.demands.need_form import NOT_IMPORTANT, REQUIRED, NeedForm, PlacedForm
from search import demand as matching
from search.criteria import CriteriaRegister, Criterion, Profile, Proof
from search.demand import InvalidDemand
from search.taxonomy import CategoryTree
from search.validation import problems


def accepted_proofs(criterion: Criterion, profile: Profile) -> frozenset[str]:
    """What a must accepts unless it says else: every proof that somebody else can check.

    A bare declaration is accepted only where the criterion knows nothing better.
    """
    proofs = frozenset(criterion.requirable_proofs(profile))
    return proofs - {Proof.DECLARED} or proofs


def topic(form: PlacedForm) -> matching.Demand:
    """What a valid form of a request that ranks nobody is about: a place and lines, and nothing to weigh."""
    return matching.Demand(
        place=form.place(),
        lots=tuple(
            matching.Lot(entry.form.what.what.category, entry.form.what.what.cpv, entry.form.text.data or "")
            for entry in form.lots
            if not entry.form.is_empty
        ),
        profile=matching.Profile.PUBLIC,
    )


def need(form: NeedForm, criteria: CriteriaRegister) -> matching.Demand:
    """The demand that a valid form describes."""
    profile = matching.Profile(form.profile.data)
    chosen = {choice.short_name: choice.data for choice in form.criteria.form if choice.data != NOT_IMPORTANT}
    return matching.Demand(
        place=form.place(),
        lots=tuple(_lot(entry.form) for entry in form.lots if not entry.form.is_empty),
        profile=profile,
        mode=matching.Mode(form.mode.data),
        max_distance_km=form.max_distance_km.data,
        required=tuple(
            matching.Required(code, _chosen_proofs(form, code) or accepted_proofs(criteria[code], profile))
            for code, matters in chosen.items()
            if matters == REQUIRED
        ),
        preferred=tuple(
            matching.Preferred(code, int(matters)) for code, matters in chosen.items() if matters != REQUIRED
        ),
        qualifications=_qualifications(form, profile),
        months=frozenset(form.months.data or ()),
        weights=matching.Weights(form.fit.data, form.proximity.data, form.values.data, form.price.data),
        proximity_reason=(form.proximity_reason.data or "") if profile is matching.Profile.PUBLIC else "",
    )


def _chosen_proofs(form: NeedForm, criterion: str) -> frozenset[str]:
    if "proofs" not in form or criterion not in form.proofs.form:
        return frozenset()
    return frozenset(form.proofs.form[criterion].data or ())


def _qualifications(form: NeedForm, profile: matching.Profile) -> frozenset[str]:
    """Reserving to holders of a qualification is for public bodies; by type it may be fixed and not asked."""
    asked = "qualifications" in form and profile is matching.Profile.PUBLIC
    return frozenset(form.qualifications.data or ()) if asked else frozenset()


def _lot(line) -> matching.Lot:
    what = line.what.what
    return matching.Lot(
        category=what.category,
        cpv=what.cpv,
        text=line.text.data or "",
        quantity=line.quantity.data,
        unit=line.unit.data or None,
        budget=line.budget.data,
        splittable=not line.whole.data,
    )


def refuse_what_may_not_be_asked(
    form: NeedForm, demand: matching.Demand, tree: CategoryTree, criteria: CriteriaRegister
) -> bool:
    """Put every rule that the demand breaks beside its field; whether there was any."""
    broken = list(problems(demand, tree, criteria))
    for problem in broken:
        field = _field(form, demand, problem.field.split("."))
        sentence = _sentence(problem)
        if sentence not in field.errors:
            field.errors = [*field.errors, sentence]
    return bool(broken)


#: The matcher's name of a field to the form's, where they differ.
_FIELDS = {"place": "near", "half_life_km": "near", "weights": "fit", "category": "what", "cpv": "what"}


def _field(form: NeedForm, demand: matching.Demand, path: list[str]):
    """The form's field for the matcher's ``weights.fit``, ``lots.0.budget`` or ``required.2.proofs.0``."""
    match path:
        case ["weights", component]:
            return form[component]
        case ["lots", position, name]:
            line = [entry.form for entry in form.lots if not entry.form.is_empty][int(position)]
            return line[_FIELDS.get(name, name)]
        case ["required" | "preferred" as kind, position, *_]:
            return form.criteria.form[getattr(demand, kind)[int(position)].criterion]
        case [name, *_]:
            return form[_FIELDS.get(name, name)] if _FIELDS.get(name, name) in form else form.near


def _sentence(problem: InvalidDemand) -> str:
    sentences = {
        "missing": _("This is missing.")
        if not problem.field.startswith("required")
        else _(
            "A public body may prefer this, not require it: no register, certificate or signed declaration proves it."
        ),
        "public_states_all": _("A public body states itself how much each thing counts: nothing is preset."),
        "all_zero": _("Something must count more than nothing."),
        "reason_needed": _(
            "Write why nearness matters: without a reason a public body may not let it count."
        ),
        "not_for_public": _("A public body may not require this."),
        "not_admitted": _("This cannot be proved in that way."),
        "not_positive": _("Write a number greater than zero."),
        "out_of_range": _(
            "Between %(least)s and %(most)s.",
            least=problem.values.get("least"),
            most=problem.values.get("most"),
        ),
        "too_many": _("At most %(most)s.", most=problem.values.get("most")),
        "too_long": _("At most %(most)s characters.", most=problem.values.get("most")),
        "repeated": _("The same thing stands here twice."),
    }
    return sentences.get(problem.code) or _("This cannot be used.")


def months_of_period(demand: matching.Demand, first: date | None, last: date | None) -> matching.Demand:
    """The demand with the months of its days, where it names days and no months; nothing said is all year."""
    if demand.months or first is None or last is None or last < first:
        return demand
    months, day = set(), first.replace(day=1)
    while day <= last and len(months) < 12:
        months.add(day.month)
        day = (day + timedelta(days=31)).replace(day=1)
    return replace(demand, months=frozenset(months) if len(months) < 12 else frozenset())
