"""What staff type in small forms: dates and choices, read with a message that helps."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData

from app.questionnaires.typed_dates import NoSuchDayError, read_date
from app.web.cases.views import ProblemLine
from app.web.deps import text_of

_Choice = TypeVar("_Choice", bound=StrEnum)


class Reading:
    """Reads one form and remembers what was wrong, by field, so that everything is said at once."""

    def __init__(self, form: FormData) -> None:
        self.form = form
        self.errors: dict[str, str] = {}

    def text(self, name: str, message: str = "") -> str:
        """Give a text; with a message it must be there."""
        value = text_of(self.form, name)
        if message and not value:
            self.errors[name] = message
        return value

    def day(self, name: str, *, required: str = "") -> date | None:
        """Give a whole date: "12-3-2027" or "12 maart 2027". With `required` it must be there."""
        value = text_of(self.form, name)
        if not value:
            if required:
                self.errors[name] = required
            return None
        try:
            found = read_date(value)
        except NoSuchDayError as error:
            self.errors[name] = str(error)
            return None
        if found is None or found.day is None:
            self.errors[name] = "Schrijf de datum als dag, maand en jaar, bijvoorbeeld 12-3-2027."
            return None
        return found.first

    def choice(self, name: str, kind: type[_Choice], message: str = "") -> _Choice | None:
        """Give one of the values of `kind`; with a message it must be chosen."""
        value = text_of(self.form, name)
        found = next((one for one in kind if one.value == value), None)
        if found is None and (message or value):
            self.errors[name] = message or "Kies een van de mogelijkheden."
        return found

    @property
    def problems(self) -> tuple[ProblemLine, ...]:
        """What was wrong, for the error summary."""
        return tuple(ProblemLine(field_id=name, message=message) for name, message in self.errors.items())

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, to fill the form again."""
        return {name: value for name, value in self.form.items() if isinstance(value, str)}
