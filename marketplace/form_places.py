"""A place in a form, as people write it; the geocoder says what it means or what it may mean."""

from flask_babel import gettext as _
from wtforms import StringField, ValidationError

from geo.geocoding import Ambiguous, GeocodedPlace, NotFound, Unavailable
from marketplace import engines


class PlaceField(StringField):
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
            self.place = engines.geocoder().geocode(text)
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
