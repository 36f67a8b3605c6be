"""One questionnaire for four tiers of government: the few words that differ are filled in here.

The texts of a questionnaire may hold the placeholders of `WORDS`. With a capital (`{Authority}`) the filled-in text
starts with one. Anything else between braces is left as it is: names of items use braces for their own fields.
"""

import re
from types import MappingProxyType
from typing import Any, cast

from app.questionnaires.context import Tier
from app.questionnaires.kinds import Frozen
from app.questionnaires.model import Questionnaire

WORDS = MappingProxyType(
    {
        Tier.MUNICIPALITY: MappingProxyType(
            {
                "authority": "de gemeente",
                "of_authority": "van de gemeente",
                "office": "wethouder",
                "council": "de raad",
                "executive": "het college",
                "chair": "de burgemeester",
            }
        ),
        Tier.PROVINCE: MappingProxyType(
            {
                "authority": "de provincie",
                "of_authority": "van de provincie",
                "office": "gedeputeerde",
                "council": "Provinciale Staten",
                "executive": "Gedeputeerde Staten",
                "chair": "de commissaris van de Koning",
            }
        ),
        Tier.WATER_BOARD: MappingProxyType(
            {
                "authority": "het waterschap",
                "of_authority": "van het waterschap",
                "office": "lid van het dagelijks bestuur",
                "council": "het algemeen bestuur",
                "executive": "het dagelijks bestuur",
                "chair": "de voorzitter",
            }
        ),
        Tier.PUBLIC_BODY: MappingProxyType(
            {
                "authority": "het openbaar lichaam",
                "of_authority": "van het openbaar lichaam",
                "office": "eilandgedeputeerde",
                "council": "de eilandsraad",
                "executive": "het bestuurscollege",
                "chair": "de gezaghebber",
            }
        ),
    }
)
"""What each placeholder says at each tier. Every tier fills the same placeholders."""

PLACEHOLDERS = frozenset(WORDS[Tier.MUNICIPALITY])
"""The words an author may put between braces, in small letters."""

_PLACEHOLDER = re.compile("{(" + "|".join(sorted(PLACEHOLDERS | {word.capitalize() for word in PLACEHOLDERS})) + ")}")


TEXTS = frozenset({"title", "intro", "label", "help", "why", "hint", "term", "meaning", "unit"})
"""The parts of a questionnaire that people read. The name of an item has placeholders of its own."""


def fill(text: str, tier: Tier) -> str:
    """Fill in the placeholders of `text` for this tier; braces around anything else stay."""
    words = WORDS[tier]

    def say(found: re.Match[str]) -> str:
        name = found[1]
        word = words[name.lower()]
        return word if name.islower() else word[0].upper() + word[1:]

    return _PLACEHOLDER.sub(say, text)


def worded(questionnaire: Questionnaire, tier: Tier) -> Questionnaire:
    """Give the questionnaire as people at this tier read it: every placeholder filled in, nothing else changed.

    Meant for showing only. Digests, stored versions and rules go by the questionnaire as it was written.
    """
    return cast("Questionnaire", _worded(questionnaire, tier))  # every part keeps its type


def _worded(value: Frozen, tier: Tier) -> Frozen:
    model = type(value)
    filled: dict[str, Any] = {name: _part(name, getattr(value, name), tier) for name in model.model_fields}
    # built anew, because a copy would take along what the original has worked out from its unfilled texts
    return model.model_construct(None, **filled)


def _part(name: str, part: object, tier: Tier) -> object:
    if isinstance(part, str):
        return fill(part, tier) if name in TEXTS else part
    if isinstance(part, tuple):
        return tuple(_worded(each, tier) if isinstance(each, Frozen) else each for each in part)
    return part
