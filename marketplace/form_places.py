"""A place in a form, as people write it; the geocoder says what it means or what it may mean."""

from flask_babel import gettext as _
from wtforms import ValidationError

from geo.geocoding import Ambiguous, GeocodedPlace, NotFound, Unavailable
from marketplace import engines
from marketplace.form_text import LineField


class PlaceField(LineField):
    """``data`` is the text; ``place`` its meaning once validated; ``candidates`` what may be meant instead."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.place: GeocodedPlace | None = None
        self.candidates: tuple[GeocodedPlace, ...] = ()

    def pre_validate(self, form) -> None:
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.place = self.look_up(text)
        except Ambiguous as several:
            self.candidates = several.candidates
            raise ValidationError(_("There is more than one place of this name: choose one.")) from None
        except NotFound as unknown:
            self.candidates = unknown.suggestions
            raise ValidationError(
                _("We do not know this place. Perhaps one of those below?")
                if self.candidates
                else _("We do not know this place: write a municipality or a postal code.")
            ) from None
        except Unavailable:
            raise ValidationError(
                _("The place could not be looked up just now: try again in a minute.")
            ) from None

    def look_up(self, text: str) -> GeocodedPlace:
        """What the geocoder says. Raises its errors."""
        return engines.geocoder().geocode(text)

    @property
    def comune_label(self) -> str:
        """The comune of the place as it is shown, where the place was written in another way."""
        comune = engines.comuni().get(self.place.comune) if self.place and self.place.comune else None
        return comune.label if comune else ""

    @property
    def is_nowhere(self) -> bool:
        """Whether it is a point that lies in no comune of Italy: nobody delivers there by comune or province."""
        return self.place is not None and self.place.comune is None

    @property
    def is_guessed(self) -> bool:
        """Whether its comune was taken from the nearest centre, so that a person should confirm it."""
        return self.place is not None and self.place.approximate


class ComuneField(PlaceField):
    """A place whose comune is enough for now: where the geocoder cannot answer, the offline gazetteer says it.

    ``unlocated`` then tells that nobody has said yet where in the comune it is.
    """

    unlocated = False

    def look_up(self, text: str) -> GeocodedPlace:
        try:
            return super().look_up(text)
        except Unavailable:
            found = engines.gazetteer().geocode(text)
            self.unlocated = True
            return found
