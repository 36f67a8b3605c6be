"""What can be asked about keeping a case."""

from enum import StrEnum


class Ask(StrEnum):
    """What somebody can ask about keeping. The values are stored; never rename one."""

    EXTEND = "extend"
    HOLD = "hold"
    RELEASE = "release"
    ADOPT = "adopt"
    CORRECT_DAY = "correct_day"
    CORRECT_LAST_DAY = "correct_last_day"
    CORRECT_OUTCOME = "correct_outcome"
    DESTROY = "destroy"
    DESTROY_COUNCIL = "destroy_council"


ASK_TITLES: dict[Ask, str] = {
    Ask.EXTEND: "langer bewaren",
    Ask.HOLD: "vasthouden",
    Ask.RELEASE: "niet meer vasthouden",
    Ask.ADOPT: "het nieuwe beleid laten gelden",
    Ask.CORRECT_DAY: "de dag van de uitkomst verbeteren",
    Ask.CORRECT_LAST_DAY: "de laatste dag in het ambt verbeteren",
    Ask.CORRECT_OUTCOME: "de uitkomst omwisselen: toch wel of toch niet benoemd",
    Ask.DESTROY: "antwoorden en beoordeling vernietigen",
    Ask.DESTROY_COUNCIL: "stukken voor de raad vernietigen",
}
"""What a user reads for each request."""
