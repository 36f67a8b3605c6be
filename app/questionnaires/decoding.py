"""What a browser sent for one question → an answer, or a friendly sentence about what to do.

Everything a page sends for one question arrives as the list of values of one form field. People type as they like:
spaces, `%`, "12 maart 2026" and "1.250" are all read. Nothing here trusts the browser: an option that was not offered,
a text of five megabytes or a control character is met with a message or taken out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from app.conditions.dates import PartialDate
from app.conditions.facts import Party, Value
from app.questionnaires import limits
from app.questionnaires.answers import COMPLETE, NONE, OPEN_LIST, Answer, AnswerState, answered
from app.questionnaires.context import Tier
from app.questionnaires.kinds import Choice, Choices, Date, MoneyBand, Number, Question, Text
from app.questionnaires.kinds import Party as PartyQuestion
from app.questionnaires.typed_dates import NoSuchDayError, read_date
from app.questionnaires.wording import fill

DOES_NOT_KNOW: Final = "@does_not_know"
ORAL: Final = "@oral"
"""What a form sends, under the name of the question, when somebody does not know or prefers to talk about it."""

_STATES: Final = {DOES_NOT_KNOW: AnswerState.DOES_NOT_KNOW, ORAL: AnswerState.ORAL}
_LONGEST_LINE: Final = 100
"""Longer than any number or date a person types."""

_WHOLE = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,(?:0+|-))?", re.ASCII)
_PERCENTAGE = re.compile(r"\d{1,3}(?:[.,](\d+))?", re.ASCII)
_LETTERS = re.compile(r"[^\W\d][^\d]*$")
_MOST_DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class Misfit:
    """What was typed cannot be the answer. `message` is Dutch, names the question, and says what to do."""

    message: str


class _MisfitError(ValueError):
    """Stops the reading of one value; the message is the second half of a `Misfit`."""


def decode(question: Question, raw: Sequence[str], tier: Tier, note: str = "") -> Answer | Misfit | None:
    """Read what was sent for a question. `None`: nothing was filled in, the question is unanswered.

    For a party the first value is the relation, the second the interest; a date may come as one text or as day, month
    and year. Never raises, whatever the browser sends.
    """
    try:
        return _decode(question, raw, tier, _note(note))
    except _MisfitError as misfit:
        label = fill(question.label, tier).rstrip("?.: ")
        return Misfit(f"‘{label}’: {misfit}")


def _decode(question: Question, raw: Sequence[str], tier: Tier, note: str) -> Answer | None:
    states = {_STATES[sent] for sent in raw if sent in _STATES}
    filled = [sent for sent in raw if sent not in _STATES and sent.strip()]
    if len(states) > 1 or (states and filled):
        raise _MisfitError("geef een antwoord, of kies dat u het niet weet of liever bespreekt. Niet allebei.")
    if states:
        state = states.pop()
        if state is AnswerState.ORAL and not question.oral:
            raise _MisfitError("deze vraag kunt u niet mondeling bespreken. Geef een antwoord of kies ‘weet ik niet’.")
        return Answer(state, None, note)
    if not filled:
        return None
    value = _READERS[question.kind](question, list(raw) if question.kind == "party" else filled, tier)
    return answered(value, note)


def _note(note: str) -> str:
    if len(note) > limits.NOTE_LENGTH * 4:
        raise _MisfitError(_too_long("opmerking", limits.NOTE_LENGTH))
    cleaned = limits.clean(note)
    if len(cleaned) > limits.NOTE_LENGTH:
        raise _MisfitError(_too_long("opmerking", limits.NOTE_LENGTH))
    return cleaned


def _too_long(what: str, most: int) -> str:
    return f"uw {what} is te lang. Maak de tekst korter dan {most:,} tekens.".replace(",", ".")


def _line(filled: Sequence[str], wanted: str) -> str:
    """Give the one short line that was typed."""
    if len(filled) != 1 or len(filled[0]) > _LONGEST_LINE:
        raise _MisfitError(wanted)
    return limits.clean(filled[0])


def _yes_no(_question: Any, filled: Sequence[str], _tier: Tier) -> Value:
    if list(filled) not in (["yes"], ["no"]):
        raise _MisfitError("kies ja of nee.")
    return filled[0]


def _gate(_question: Any, filled: Sequence[str], _tier: Tier) -> Value:
    if len(filled) != 1 or filled[0] not in {NONE, OPEN_LIST, COMPLETE}:
        raise _MisfitError("kies ja of nee.")
    return filled[0]


def _option(question: Choice | MoneyBand, filled: Sequence[str], tier: Tier) -> Value:
    if len(filled) != 1 or filled[0] not in _offered(question, tier):
        raise _MisfitError("kies één van de antwoorden die u ziet.")
    return filled[0]


def _options(question: Choices, filled: Sequence[str], tier: Tier) -> Value:
    offered = _offered(question, tier)
    chosen = set(filled)
    if not chosen <= set(offered):
        raise _MisfitError("kies uit de antwoorden die u ziet.")
    if limits.EXCLUSIVE in chosen and len(chosen) > 1:
        raise _MisfitError("u koos ‘geen’ en ook iets anders. Haal één van de twee weg.")
    return tuple(option for option in offered if option in chosen)


def _offered(question: Choice | Choices | MoneyBand | PartyQuestion, tier: Tier) -> tuple[str, ...]:
    return tuple(option.id for option in question.options if option.offered_at(tier))


def _text(question: Text, filled: Sequence[str], _tier: Tier) -> Value:
    most = limits.LENGTH[question.kind]
    # looked at before anything else is done with it, so that a huge text costs nothing
    if len(filled) != 1 or len(filled[0]) > most * 4:
        raise _MisfitError(_too_long("antwoord", most))
    text = limits.clean(filled[0])
    if not text:
        raise _MisfitError("vul een antwoord in dat wij kunnen lezen.")
    if len(text) > most:
        raise _MisfitError(_too_long("antwoord", most))
    return " ".join(text.split()) if question.kind == "text" else text


def _number(question: Number, filled: Sequence[str], _tier: Tier) -> Value:
    wanted = f"vul een heel getal in van {_whole(question.minimum)} tot en met {_whole(question.maximum)}."
    text = _without_unit(_line(filled, wanted).casefold(), question.unit.casefold())
    if not _WHOLE.fullmatch(text):
        raise _MisfitError(wanted)
    number = int(text.partition(",")[0].replace(".", ""))
    if not question.minimum <= number <= question.maximum:
        raise _MisfitError(wanted)
    return number


def _without_unit(text: str, unit: str) -> str:
    """Take away the unit, or the start of it ("8 uur" where the unit is "uur per maand"), and all spaces."""
    behind = _LETTERS.search(text)
    if behind is not None and unit.startswith(behind[0].strip()):
        text = text[: behind.start()]
    return re.sub(r"\s", "", text)


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _percentage(_question: Any, filled: Sequence[str], _tier: Tier) -> Value:
    wanted = "vul een percentage in van 0 tot en met 100, bijvoorbeeld 33,5."
    text = re.sub(r"\s", "", _line(filled, wanted).casefold())
    match = _PERCENTAGE.fullmatch(text.removesuffix("%").removesuffix("procent"))
    if match is None:
        raise _MisfitError(wanted)
    if len((match[1] or "").rstrip("0")) > _MOST_DECIMALS:
        raise _MisfitError("vul ten hoogste twee cijfers achter de komma in.")
    number = Decimal(match[0].replace(",", "."))
    if number > limits.WHOLE:
        raise _MisfitError(wanted)
    return number.quantize(limits.CENT)


_DATE_WANTED: Final = {
    "day": "vul een dag, maand en jaar in, bijvoorbeeld 12-3-2026.",
    "month": "vul een maand en jaar in, bijvoorbeeld maart 2024.",
    "year": "vul een datum in, bijvoorbeeld 12-3-2026. Alleen een maand (maart 2024) of jaar (2019) mag ook.",
}


def _date(question: Date, filled: Sequence[str], _tier: Tier) -> Value:
    wanted = _DATE_WANTED[question.precision]
    try:
        found = read_date(_line(["-".join(filled)], wanted))
    except NoSuchDayError as error:
        raise _MisfitError(f"{str(error)[0].lower()}{str(error)[1:]} Kijk de datum na.") from None
    if not isinstance(found, PartialDate) or not limits.precise_enough(found, question.precision):
        raise _MisfitError(wanted)
    return found


def _party(question: PartyQuestion, sent: Sequence[str], tier: Tier) -> Value:
    relation, interest = (*sent, "")[:2]
    if len(sent) > 2 or relation not in _offered(question, tier):  # noqa: PLR2004 - a relation and an interest
        raise _MisfitError("kies wat uw relatie met deze persoon is.")
    if len(interest) > limits.NOTE_LENGTH * 4 or len(limits.clean(interest)) > limits.NOTE_LENGTH:
        raise _MisfitError(_too_long("beschrijving van het belang", limits.NOTE_LENGTH))
    return Party(relation, limits.clean(interest))


_READERS: Final[dict[str, Callable[[Any, Sequence[str], Tier], Value]]] = {
    "yes_no": _yes_no,
    "group": _gate,
    "choice": _option,
    "money_band": _option,
    "choices": _options,
    "text": _text,
    "long_text": _text,
    "number": _number,
    "percentage": _percentage,
    "date": _date,
    "party": _party,
}
