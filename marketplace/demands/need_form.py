"""A need in a form: the same fields whether one only tries it or posts it."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from geo.areas import Place
from marketplace import engines, words
from marketplace.demands.what_field import WhatField
from marketplace.form_choices import Checkboxes, Lines, Months, choices
from marketplace.form_fields import QuantityField, UnitPriceField, WholeNumberField
from marketplace.form_places import PlaceField
from marketplace.form_text import LineField, ProseField
from marketplace.i18n import current_language
from search.answer import COMPONENTS
from search.constants import DEFAULT_WEIGHTS
from search.criteria import EVIDENCE_VALUES, Criterion
from search.demand import Mode, Profile
from search.taxonomy import CategoryTree

#: Lines of one form; whoever needs more posts a request in two parts.
MAX_LOTS = 10
MAX_WEIGHT = 10
#: How a criterion matters: not at all, as a wish of importance 1 to 3, or as a must.
NOT_IMPORTANT, REQUIRED = "", "required"
HOW_MUCH = {
    NOT_IMPORTANT: _("does not matter"),
    "1": _("better if so"),
    "2": _("important"),
    "3": _("very important"),
    REQUIRED: _("indispensable"),
}
#: The criteria that each asks most often; the others stand behind "other criteria".
FIRST_CRITERIA = {
    Profile.COMMUNITY: (
        "organic",
        "agroecology",
        "short_chain",
        "work_inclusion",
        "decent_work",
        "transparent_price",
    ),
    Profile.PUBLIC: (
        "organic",
        "work_inclusion",
        "third_sector",
        "decent_work",
        "ecological_quality",
        "fair_trade",
    ),
}


class BudgetField(UnitPriceField):
    """What is paid at most for a unit; nothing at all is no budget."""

    def pre_validate(self, form) -> None:
        if self.data == 0:
            raise ValidationError(
                _("Nobody answers to a budget of zero: leave the box empty where there is none.")
            )
        super().pre_validate(form)


class LotForm(Form):
    """One line of what is needed."""

    what = WhatField(_("What"), [Length(max=80)])
    text = LineField(_("Details"), [Length(max=200)])
    quantity = QuantityField(_("How much"), minimum=1)
    unit = SelectField(
        _("Unit"), choices=lambda: choices([("", _("unit")), *words.UNITS.items()]), default=""
    )
    budget = BudgetField(_("At most, per unit"), minimum=1)
    whole = BooleanField(_("From one supplier only"))

    @property
    def is_empty(self) -> bool:
        return not any(field.data for field in self if field.short_name not in ("unit", "whole"))

    def validate_what(self, field) -> None:
        if not field.data and not self.is_empty:
            raise ValidationError(_("Say what this line is about."))

    def validate_unit(self, field) -> None:
        if not field.data and (self.quantity.data or self.budget.data):
            raise ValidationError(_("Choose the unit of the quantity or of the price."))


class TopicForm(Form):
    """One line of what a request is about that asks neither quantities nor prices."""

    what = WhatField(_("What"), [Length(max=80)])
    text = LineField(_("Details"), [Length(max=200)])

    is_empty = LotForm.is_empty
    validate_what = LotForm.validate_what


def criteria_form(formdata=None, obj=None, prefix="", **kwargs) -> Form:
    """A select per criterion of the register."""
    language = current_language()
    fields = {
        criterion.code: SelectField(
            criterion.label(language),
            choices=choices(HOW_MUCH),
            default=NOT_IMPORTANT,
            description=criterion.meaning(language),
        )
        for criterion in engines.criteria()
    }
    return type("CriteriaForm", (Form,), fields)(formdata=formdata, obj=obj, prefix=prefix, **kwargs)


class PlacedForm(FlaskForm):
    """Where, and what: what every request says."""

    near = PlaceField(
        _("Where?"), [DataRequired(_("Say where: a municipality or a postal code.")), Length(max=120)]
    )

    def place(self) -> Place:
        """Of a form whose place was understood."""
        return self.near.place.place

    @property
    def known_categories(self) -> CategoryTree:
        """What the boxes of "what" propose while one types."""
        return engines.categories()

    def add_line(self) -> None:
        """One more empty line, for whoever asked for it without JavaScript."""
        if len(self.lots) < MAX_LOTS:
            self.lots.append_entry()

    def validate_lots(self, field) -> None:
        if all(entry.form.is_empty for entry in field):
            raise ValidationError(_("Say at least one thing that you need."))


class NeedForm(PlacedForm):
    """What, where, when, and what counts. Field names are those of addresses: a filled form can be shared."""

    profile = RadioField(
        _("Who needs it?"),
        choices=choices(
            {
                Profile.COMMUNITY: _("A group, a co-op, a household, a business"),
                Profile.PUBLIC: _("A municipality, a school or another public body"),
            }
        ),
        default=Profile.COMMUNITY.value,
    )
    mode = SelectField(_("How?"), choices=choices(words.MODES), default=Mode.DELIVER.value)
    lots = Lines(FormField(LotForm), label=_("What do you need?"), min_entries=1, max_entries=MAX_LOTS)
    criteria = FormField(criteria_form, label=_("What matters to you?"))
    months = Months(_("In which months?"), [Optional()])
    max_distance_km = WholeNumberField(_("Not farther than"), [Optional()], minimum=1, maximum=1500)
    proximity_reason = ProseField(_("Why nearness matters"), [Optional(), Length(max=1000)])
    qualifications = Checkboxes(
        _("Reserved to who holds"), [Optional()], choices=choices(words.QUALIFICATIONS)
    )
    fit = WholeNumberField(words.COMPONENTS["fit"], maximum=MAX_WEIGHT)
    proximity = WholeNumberField(words.COMPONENTS["proximity"], maximum=MAX_WEIGHT)
    values = WholeNumberField(words.COMPONENTS["values"], maximum=MAX_WEIGHT)
    price = WholeNumberField(words.COMPONENTS["price"], maximum=MAX_WEIGHT)

    #: Of which profile the weights were shown to whoever sends them.
    weights_of = HiddenField()

    def __init__(self, formdata, *args, profile: Profile | None = None, **kwargs):
        super().__init__(_without_weights_of_others(formdata, profile), *args, **kwargs)
        if profile is not None:
            self.profile.data = profile.value
        if self.is_public:
            self._keep_what_a_public_body_may_ask()
        else:
            for component in COMPONENTS:
                if self[component].data is None:
                    self[component].data = int(DEFAULT_WEIGHTS[component])

    @property
    def is_public(self) -> bool:
        return self.profile.data == Profile.PUBLIC

    @property
    def weights(self) -> list:
        return [self[component] for component in COMPONENTS]

    @property
    def first_criteria(self) -> list:
        """The selects that are in sight: those asked most often, and whatever has been chosen."""
        first = FIRST_CRITERIA[Profile.PUBLIC if self.is_public else Profile.COMMUNITY]
        return [choice for choice in self.criteria.form if choice.short_name in first or choice.data]

    @property
    def other_criteria(self) -> list:
        shown = {choice.short_name for choice in self.first_criteria}
        return [choice for choice in self.criteria.form if choice.short_name not in shown]

    def _keep_what_a_public_body_may_ask(self) -> None:
        """No criterion without a proof that counts before a public body, and no must that it may not require."""
        for criterion in engines.criteria():
            choice = self.criteria.form[criterion.code]
            if not criterion.requirable_proofs(Profile.PUBLIC):
                choice.choices = [option for option in choice.choices if option.value != REQUIRED]
            if not _proves_anything(criterion, Profile.PUBLIC):
                del self.criteria.form[criterion.code]


def _without_weights_of_others(formdata: MultiDict, profile: Profile | None) -> MultiDict:
    """The form without weights that were shown to the other profile: a group's usual ones are nothing to a public body."""
    shown_to = formdata.get("weights_of")
    if shown_to in (None, "", profile or formdata.get("profile", Profile.COMMUNITY.value)):
        return formdata
    return MultiDict([pair for pair in formdata.items(multi=True) if pair[0] not in COMPONENTS])


def _proves_anything(criterion: Criterion, profile: Profile) -> bool:
    return any(EVIDENCE_VALUES[profile][proof] > 0 for proof in criterion.proofs)
