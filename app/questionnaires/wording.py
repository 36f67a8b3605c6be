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

# art. 46 Gemeentewet, art. 45 Provinciewet, art. 57 WolBES; for a water board art. 31 Waterschapswet and the Kieswet
_MOMENT = (
    "Wij kijken naar de geplande dag van benoeming. De wet kijkt naar het moment waarop de benoeming ingaat: "
    "dat kan later zijn."
)
_MOMENT_IN_A_WATER_BOARD = (
    "Wij kijken naar de geplande dag van benoeming. Wie al in het algemeen bestuur zit, mag de functie ook "
    "daarvoor niet hebben."
)
_RELIEVED = (
    "Heeft u deze functie nog als uw benoeming ingaat? Dan moet u er meteen voor zorgen dat u eruit wordt ontheven."
)
_LOST_IN_A_WATER_BOARD = (
    "Zit u in het algemeen bestuur? Dan verliest u die plaats zodra blijkt dat u deze functie heeft. "
    "Hoe dat gaat voor wie van buiten komt, zegt de wet niet."
)
# art. 28 lid 2 Gemeentewet and Provinciewet, art. 38a lid 2 Waterschapswet; the WolBES has no such provision
_OUTSIDE_THE_MEETING = (
    "Daarbuiten, zoals bij de voorbereiding, geldt de ruimere norm van de Algemene wet bestuursrecht."
)
_OUTSIDE_THE_MEETING_IN_THE_CARIBBEAN = "Wat daarbuiten geldt, zoals bij de voorbereiding, staat niet in deze wet."
# art. 49 Gemeentewet and Provinciewet, art. 41 Waterschapswet, art. 60 WolBES; for a seat: art. X 7a Kieswet and art. 33
# lid 4 Waterschapswet. Whether losing the seat ends the office as well, no law says.
_DONE_IN_A_WATER_BOARD = (
    "De wet noemt voor het dagelijks bestuur geen eigen straf. Het algemeen bestuur kan wel het vertrouwen opzeggen. "
    "Zit u in het algemeen bestuur? Dan kunt u die plaats verliezen. Of u dan ook uit het dagelijks bestuur moet, zegt de "
    "wet niet."
)
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
                "lawyer": "advocaat",
                "exempting_authority": "gedeputeerde staten",
                "if_done": "De wet noemt voor een wethouder geen eigen straf. De raad kan wel het vertrouwen opzeggen.",
                "outside_meeting": _OUTSIDE_THE_MEETING,
                "moment": _MOMENT,
                "if_kept": f"{_RELIEVED} Doet u dat niet, dan ontslaat de raad u.",
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
                "lawyer": "advocaat",
                "exempting_authority": "de minister van Binnenlandse Zaken en Koninkrijksrelaties",
                "if_done": "De wet noemt voor een gedeputeerde geen eigen straf. Provinciale Staten kunnen wel het vertrouwen opzeggen.",
                "outside_meeting": _OUTSIDE_THE_MEETING,
                "moment": _MOMENT,
                "if_kept": f"{_RELIEVED} Doet u dat niet, dan ontslaan Provinciale Staten u.",
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
                "lawyer": "advocaat",
                "exempting_authority": "gedeputeerde staten",
                "if_done": _DONE_IN_A_WATER_BOARD,
                "outside_meeting": _OUTSIDE_THE_MEETING,
                "moment": _MOMENT_IN_A_WATER_BOARD,
                "if_kept": _LOST_IN_A_WATER_BOARD,
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
                "lawyer": "advocaat, procureur",
                "exempting_authority": "de Rijksvertegenwoordiger",
                "if_done": "De wet noemt voor een eilandgedeputeerde geen eigen straf. De eilandsraad kan wel het vertrouwen opzeggen.",
                "outside_meeting": _OUTSIDE_THE_MEETING_IN_THE_CARIBBEAN,
                "moment": _MOMENT,
                "if_kept": f"{_RELIEVED} Doet u dat niet, dan ontslaat de eilandsraad u. Blijft dat ten onrechte uit, "
                "dan beëindigt de gezaghebber uw ambt.",
            }
        ),
    }
)
"""What each placeholder says at each tier. Every tier fills the same placeholders.

Most are words inside a sentence. `moment`, `if_kept`, `if_done` and `outside_meeting` are whole sentences. The first two
are for functions that do not go together with the office: at what moment the law of this tier looks at them, and what
follows from keeping one. The third says what follows from an act that is forbidden in office, the last what norm holds outside deliberation
and vote.

`lawyer` is who appears in court: onderdeel a of the prohibited acts names a procureur only in the WolBES.
`exempting_authority` is who may exempt from onderdeel d of those acts: art. 15 lid 2 Gemeentewet and Provinciewet, art.
33 lid 2 Waterschapswet, art. 16 lid 2 WolBES.
"""

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
