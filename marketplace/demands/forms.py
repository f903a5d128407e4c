"""A need in a form: the same fields whether one only tries it or posts it."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from marketplace import engines, words
from marketplace.demands.models import DemandType
from marketplace.demands.operations import may_post
from marketplace.demands.what_field import WhatField
from marketplace.form_choices import Checkboxes
from marketplace.form_fields import PlainDecimalField, QuantityField, UnitPriceField
from marketplace.form_places import PlaceField
from marketplace.formats import month_name
from marketplace.i18n import current_language
from marketplace.organisations.models import Organisation
from marketplace.rome_time import RomeMomentField
from search.answer import COMPONENTS
from search.constants import DEFAULT_WEIGHTS
from search.demand import Mode, Profile, Weights
from search.taxonomy import CategoryTree

#: Lines of one form; whoever needs more posts a request in two parts.
MAX_LOTS = 10
MAX_WEIGHT = 10
NOT_IMPORTANT, REQUIRED = "", "required"


class LotForm(Form):
    """One line of what is needed."""

    what = WhatField(
        _("What"),
        [Optional(), Length(max=80)],
        description=_("A product or a service, such as “carrots” or “school canteen”, or a CPV code"),
    )
    text = StringField(_("Details"), [Optional(), Length(max=200)])
    quantity = QuantityField(_("How much"), [Optional()], minimum=1)
    unit = SelectField(_("Unit"), [Optional()])
    budget = UnitPriceField(_("At most, per unit"), [Optional()], minimum=1)
    whole = BooleanField(_("From one supplier only"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit.choices = [("", _("unit")), *words.UNITS.items()]

    @property
    def is_empty(self) -> bool:
        return not (self.what.data or self.text.data or self.quantity.data or self.budget.data)

    def validate_what(self, field) -> None:
        if not field.data and not self.is_empty:
            raise ValidationError(_("Say what this line is about."))

    def validate_unit(self, field) -> None:
        if not field.data and (self.quantity.data or self.budget.data):
            raise ValidationError(_("Choose the unit of the quantity or of the price."))


def criteria_form(formdata=None, obj=None, prefix="", **kwargs) -> Form:
    """A select per criterion of the register: not at all, a wish of importance 1 to 3, or a must."""
    choices = [
        (NOT_IMPORTANT, _("does not matter")),
        ("1", _("better if so")),
        ("2", _("important")),
        ("3", _("very important")),
        (REQUIRED, _("indispensable")),
    ]
    language = current_language()
    fields = {
        criterion.code: SelectField(
            criterion.label(language),
            [Optional()],
            choices=choices,
            default=NOT_IMPORTANT,
            description=criterion.meaning(language),
        )
        for criterion in engines.criteria()
    }
    return type("CriteriaForm", (Form,), fields)(formdata=formdata, obj=obj, prefix=prefix, **kwargs)


class NeedForm(FlaskForm):
    """What, where, when, and what counts. Field names are those of addresses: a filled form can be shared."""

    profile = RadioField(
        _("Who needs it?"),
        choices=[
            (Profile.COMMUNITY.value, _("A group, a co-op, a household, a business")),
            (Profile.PUBLIC.value, _("A municipality, a school or another public body")),
        ],
        default=Profile.COMMUNITY.value,
    )
    near = PlaceField(
        _("Where?"),
        [InputRequired(_("Say where: a municipality or a postal code.")), Length(max=120)],
    )
    mode = SelectField(_("How?"), choices=list(words.MODES.items()), default=Mode.DELIVER.value)
    lots = FieldList(FormField(LotForm), label=_("What do you need?"), min_entries=1, max_entries=MAX_LOTS)
    criteria = FormField(criteria_form, label=_("What matters to you?"))
    months = Checkboxes(_("In which months?"), [Optional()], coerce=int)
    max_distance_km = PlainDecimalField(_("Not farther than (km)"), [Optional()], minimum=1, maximum=1500)
    proximity_reason = TextAreaField(
        _("Why nearness matters"),
        [Optional(), Length(max=1000)],
        description=_(
            "A public body may let distance count only where the service depends on it, with the reason written down"
            " (ANAC, decision 130/2025 on art. 108 c. 7 D.Lgs. 36/2023)."
        ),
    )
    qualifications = Checkboxes(_("Reserved to who holds"), [Optional()])
    fit = IntegerField(words.COMPONENTS["fit"], [Optional(), NumberRange(0, MAX_WEIGHT)])
    proximity = IntegerField(words.COMPONENTS["proximity"], [Optional(), NumberRange(0, MAX_WEIGHT)])
    values = IntegerField(words.COMPONENTS["values"], [Optional(), NumberRange(0, MAX_WEIGHT)])
    price = IntegerField(words.COMPONENTS["price"], [Optional(), NumberRange(0, MAX_WEIGHT)])

    def __init__(self, *args, profile: Profile | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if profile is not None:
            self.profile.data = profile.value
        self.months.choices = [(number, month_name(number)) for number in range(1, 13)]
        self.qualifications.choices = list(words.QUALIFICATIONS.items())
        if not self.is_public:
            for component in COMPONENTS:
                if self[component].data is None:
                    self[component].data = int(DEFAULT_WEIGHTS[component])

    @property
    def known_categories(self) -> CategoryTree:
        """What the boxes of "what" propose while one types."""
        return engines.categories()

    def add_lines(self) -> None:
        """One more empty line, for whoever asked for it without JavaScript."""
        if len(self.lots) < MAX_LOTS:
            self.lots.append_entry()

    @property
    def is_public(self) -> bool:
        return self.profile.data == Profile.PUBLIC

    def validate_lots(self, field) -> None:
        if all(entry.form.is_empty for entry in field):
            raise ValidationError(_("Say at least one thing that you need."))


class PostDemandForm(NeedForm):
    """A need that is published in an organisation's name. Who it is says whose rules hold, not the form."""

    type = SelectField(_("Kind of request"))
    title = StringField(_("Title"), [InputRequired(_("Give it a title.")), Length(max=160)])
    description = TextAreaField(_("Description"), [Optional(), Length(max=10_000)])
    closes_at = RomeMomentField(_("Answers until (day and hour, in Italy)"), [Optional()])

    def __init__(self, *args, organisation: Organisation, **kwargs):
        profile = Profile.PUBLIC if organisation.is_public_body else Profile.COMMUNITY
        super().__init__(*args, profile=profile, **kwargs)
        self.type.choices = [
            (type_.value, words.DEMAND_TYPES[type_]) for type_ in DemandType if may_post(organisation, type_)
        ]

    def validate_closes_at(self, field) -> None:
        if field.data is not None and field.data <= datetime.now(UTC):
            raise ValidationError(_("This moment has passed: choose a later one."))


class WeightsForm(Form):
    """How much each of the four counts, for whoever moves the sliders of a published demand."""

    fit = IntegerField(words.COMPONENTS["fit"], [InputRequired(), NumberRange(0, MAX_WEIGHT)])
    proximity = IntegerField(words.COMPONENTS["proximity"], [InputRequired(), NumberRange(0, MAX_WEIGHT)])
    values = IntegerField(words.COMPONENTS["values"], [InputRequired(), NumberRange(0, MAX_WEIGHT)])
    price = IntegerField(words.COMPONENTS["price"], [InputRequired(), NumberRange(0, MAX_WEIGHT)])

    def __init__(self, formdata, *, weights: Weights):
        self.is_filled = all(component in formdata for component in COMPONENTS)
        super().__init__(formdata if self.is_filled else None)
        if not self.is_filled:
            for component in COMPONENTS:
                given = getattr(weights, component)
                self[component].data = round(DEFAULT_WEIGHTS[component] if given is None else given)

    def weights(self) -> Weights:
        return Weights(*(self[component].data for component in COMPONENTS))
