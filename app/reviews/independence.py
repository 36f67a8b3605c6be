"""Independence of reviewers: who has a relation to the candidate does not review, and nobody checks their own work.

Before somebody reads a case for the first time they declare whether they have a relation to the candidate. Any
relation, or simply not taking part, closes the case for them and asks for a substitute. Only two others together can
undo that, with a reason. All of it rests on art. 2:4 Awb: an authority performs its task without prejudice, and sees to
it that people with a personal interest do not influence its decisions.
"""

from collections.abc import Collection
from enum import StrEnum

from app.errors import NotAllowed


class Relation(StrEnum):
    """What somebody declares about their relation to the candidate. The values are stored; never rename one."""

    NONE = "none"
    FAMILY = "family"
    PARTY = "party"
    WORK = "work"
    BUSINESS = "business"
    OTHER = "other"
    STEPS_ASIDE = "steps_aside"

    @property
    def closes(self) -> bool:
        """Whether this declaration closes the case for who makes it."""
        return self is not Relation.NONE


RELATION_TITLES: dict[Relation, str] = {
    Relation.NONE: "Nee, ik heb geen relatie met de kandidaat",
    Relation.FAMILY: "Ja, familie of vriendschap",
    Relation.PARTY: "Ja, dezelfde partij of fractie",
    Relation.WORK: "Ja, via werk of een nevenfunctie",
    Relation.BUSINESS: "Ja, zakelijk of financieel",
    Relation.OTHER: "Ja, een andere relatie",
    Relation.STEPS_ASIDE: "Ik doe om een andere reden niet mee",
}
"""What somebody chooses from, in the order in which it is asked."""


DECLARED_TITLES: dict[Relation, str] = {
    Relation.NONE: "Verklaarde geen relatie met de kandidaat te hebben",
    Relation.FAMILY: "Familie of vriendschap",
    Relation.PARTY: "Dezelfde partij of fractie",
    Relation.WORK: "Werk of een nevenfunctie",
    Relation.BUSINESS: "Zakelijke of financiële relatie",
    Relation.OTHER: "Andere relatie",
    Relation.STEPS_ASIDE: "Doet om een andere reden niet mee",
}
"""What others read about it afterwards."""


class Standing(StrEnum):
    """How somebody who may know of a case stands to its content."""

    OPEN = "open"
    UNDECLARED = "undeclared"
    CLOSED = "closed"


def standing(declared_closed: Collection[bool]) -> Standing:
    """Tell how a reviewer stands, from all declarations they made: for each, whether it closes the case still."""
    if any(declared_closed):
        return Standing.CLOSED
    return Standing.OPEN if declared_closed else Standing.UNDECLARED


def require_another(actor_id: str, earlier: Collection[str], message: str) -> None:
    """Refuse the second of two acts to who did the first (four eyes). Raises NotAllowed with the Dutch `message`."""
    if actor_id in earlier:
        raise NotAllowed(message)
