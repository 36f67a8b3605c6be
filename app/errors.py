"""Everything that can go wrong on purpose.

    ToetssteenError
    ├── NotFound        there is no such thing, or not for you: the two look the same on purpose
    ├── NotAllowed      you may not do this now; ``reason`` says why, in Dutch, fit to show
    ├── DeclarationNeeded  you may open this case once you have declared your relation to the candidate
    ├── Stale           somebody else was first; ``current`` is what stands there now
    ├── KeysMissing     a key that is needed to read or write content is not there
    ├── Unreadable      sealed content was changed or moved, or its key was destroyed
    └── Broken          a file of ours does not hold together; ``problems`` lists all of it at once

No HTTP and no exit codes here: the web and the command line each translate these in one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ToetssteenError(Exception):
    """The root: whatever this product raises on purpose is one of these."""


class NotFound(ToetssteenError):  # noqa: N818 - read as a statement: "raise NotFound"
    """What was asked for does not exist, or the asker may not know that it does.

    `by` names who asked, where that says more than that something is missing: it goes on record.
    """

    def __init__(self, message: str = "", *, by: object = None) -> None:
        super().__init__(message)
        self.by = by


class NotAllowed(ToetssteenError):  # noqa: N818 - same
    """The act is refused. ``reason`` is one Dutch sentence that may be shown to whoever tried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeclarationNeeded(ToetssteenError):  # noqa: N818 - same
    """A reviewer has not declared yet whether they have a relation to the candidate of case ``case_id``."""

    def __init__(self, case_id: str) -> None:
        super().__init__("first comes a declaration of independence")
        self.case_id = case_id


class Stale(ToetssteenError):  # noqa: N818 - same
    """The thing changed since it was read. ``current`` holds the newer version, so that both can be shown."""

    def __init__(self, message: str, current: object = None) -> None:
        super().__init__(message)
        self.current = current


class KeysMissing(ToetssteenError):  # noqa: N818 - same
    """A key that is needed to read or write content is not there. The message says which, never the key itself."""


class Unreadable(ToetssteenError):  # noqa: N818 - same
    """Sealed content does not open: it was changed, moved to another place, or its key was destroyed."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file: where it is, what it is, and what to do about it (English, for authors)."""

    file: str
    line: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message}" + (f" → {self.remedy}" if self.remedy else "")


class Broken(ToetssteenError):  # noqa: N818 - same
    """Files do not hold together. ``problems`` is complete: one look at the list is enough to mend everything."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
