"""The forms of choosing."""

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from marketplace import words
from marketplace.form_fields import WholeNumberField
from search.answer import COMPONENTS
from search.constants import DEFAULT_WEIGHTS
from search.demand import Weights

#: The end of each slider.
MAX_WEIGHT = 10


class MovedWeightsForm(FlaskForm):
    """How much each of the four counts, moved by a community's buyer."""

    fit = WholeNumberField(words.COMPONENTS["fit"], [InputRequired()], maximum=MAX_WEIGHT)
    proximity = WholeNumberField(words.COMPONENTS["proximity"], [InputRequired()], maximum=MAX_WEIGHT)
    values = WholeNumberField(words.COMPONENTS["values"], [InputRequired()], maximum=MAX_WEIGHT)
    price = WholeNumberField(words.COMPONENTS["price"], [InputRequired()], maximum=MAX_WEIGHT)

    def show(self, weights: Weights) -> "MovedWeightsForm":
        """With what is kept, where nothing was sent."""
        for component in COMPONENTS:
            given = getattr(weights, component)
            counted = DEFAULT_WEIGHTS[component] if given is None else given
            self[component].data = min(round(counted), MAX_WEIGHT)
        return self

    def weights(self) -> Weights:
        return Weights(*(self[component].data for component in COMPONENTS))

    def fields(self):
        return [self[component] for component in COMPONENTS]
