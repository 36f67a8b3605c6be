"""Who acts. Every use case gets one, and every line of the audit log names one."""

from dataclasses import dataclass
from typing import Literal

from app.reviews.lifecycle import Role, role_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who proved who they are, in one organisation; a candidate in one case.

    `session_id` is empty for commands, and `origin` is where the request came from (an address, for the audit log).
    """

    kind: Literal["person", "candidate", "system"]
    id: str
    name: str
    role: Role
    organisation_id: str
    organisation_name: str = ""
    tier: str = "municipality"
    theme: str = "default"
    case_id: str | None = None
    session_id: str = ""
    origin: str = ""
    clerk_reads: bool = True
    """For a candidate: whether the clerk reads answers here, or the organisation closed them to the clerk."""

    @property
    def is_candidate(self) -> bool:
        """Whether this is a candidate, who only ever sees one case."""
        return self.kind == "candidate"

    @property
    def roles(self) -> frozenset[Role]:
        """The role, in the form the journey of a case asks for."""
        return frozenset({self.role})

    @property
    def role_title(self) -> str:
        """The role as people in this kind of authority say it."""
        return role_title(self.role, self.tier)


def system_actor(organisation_id: str, name: str = "Toetssteen") -> Actor:
    """Make the actor for what a command or the clock does: loading the demo, adding the first person."""
    return Actor(kind="system", id="system", name=name, role=Role.ADMIN, organisation_id=organisation_id)
