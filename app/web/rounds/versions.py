"""Moving a case to a newer version of the questionnaire: first the differences, then one press."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.errors import NotFound
from app.questionnaires.context import Tier
from app.questionnaires.versions import Change, Difference
from app.questionnaires.wording import fill
from app.usecases import library, moving_version
from app.web.cases.views import RowView
from app.web.deps import Db, Sent, Staff, see_other, text_of
from app.web.pages import Page, render
from app.web.shells import frame

router = APIRouter(prefix="/zaken/{case_id}/vragenlijst-versie", include_in_schema=False)

_TOLD = {
    Difference.ADDED: "Nieuwe vraag",
    Difference.REMOVED: "Vervalt",
    Difference.CHANGED: "Andere tekst of uitleg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage(Page):
    """What differs in the newer version, and what happens to the answers."""

    template: ClassVar[str] = "pages/rounds/version.html"
    name: str
    now: int
    version: int
    changes: tuple[RowView, ...]
    hidden: bool
    kept: int
    look_again: tuple[str, ...]
    left: tuple[str, ...]
    action: str
    cancel: str


@router.get("")
def show(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show the differences."""
    found = moving_version.offer(db, actor, case_id)
    if found is None:
        raise NotFound("this case has the newest version")
    tier, moved = Tier(actor.tier), found.migration
    old = library.questionnaire_of(found.case)
    new = library.questionnaire(found.case.questionnaire, found.version)
    labels = {key: fill(one.label, tier) for key, one in (*old.questions.items(), *new.questions.items())}
    page = VersionPage(
        shell=frame(request, db, actor, current="/rondes"),
        name=found.case.candidate_name,
        now=found.case.questionnaire_version,
        version=found.version,
        changes=tuple(RowView(label=labels[change.question], value=_told(change)) for change in found.changes),
        hidden=moved is None,
        kept=len(moved.kept) if moved else 0,
        look_again=tuple(labels[path.question] for path in moved.look_again) if moved else (),
        left=tuple(labels[left.path.question] for left in moved.left) if moved else (),
        action=f"/zaken/{case_id}/vragenlijst-versie",
        cancel=f"/zaken/{case_id}",
    )
    return render(page)


@router.post("")
def move(db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Move the case to the version that was shown."""
    version = text_of(form, "versie")
    moving_version.move(db, actor, case_id, int(version) if version.isascii() and version.isdigit() else 0)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


def _told(change: Change) -> str:
    if change.difference is Difference.CHANGED and change.meaning:
        return "De vraag is anders: kijk opnieuw naar het antwoord"
    return _TOLD[change.difference]
