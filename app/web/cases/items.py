"""One item of a list in the questionnaire, such as one company: showing, saving, removing, bringing back."""

from fastapi import APIRouter, Request, Response

from app.errors import NotFound
from app.usecases import answering, sections
from app.web.cases.forms import typed_page
from app.web.cases.making import base_of, item_page, noun_of, removed_page
from app.web.cases.pages import RemoveItemPage
from app.web.deps import Candidate, Db, Sent, see_other, text_of
from app.web.pages import render
from app.web.shells import frame

router = APIRouter(prefix="/vragenlijst/{case_id}", include_in_schema=False)


@router.get("/{section_id}/{group}/{item_id}")
def show_item(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str
) -> Response:
    """Show one item of a group."""
    return render(item_page(request, db, actor, case_id, section_id, group, item_id))


@router.post("/{section_id}/{group}/{item_id}")
def save_item(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str, form: Sent
) -> Response:
    """Save one item; go back to its section when nothing is left to say about it."""
    try:
        before = {view.path for view in sections.show_item(db, actor, case_id, group, item_id).questions}
    except NotFound:
        refused = answering.save_many(db, actor, case_id, typed_page(form)).problems
        if not refused:
            raise
        return render(removed_page(request, db, actor, case_id, section_id, group, item_id, form, refused), status=409)
    saved = answering.save_many(db, actor, case_id, typed_page(form))
    if saved.problems or saved.conflicts:
        page = item_page(request, db, actor, case_id, section_id, group, item_id, saved.problems, saved.conflicts)
        return render(page, status=422 if saved.problems else 409)
    after = {view.path for view in sections.show_item(db, actor, case_id, group, item_id).questions}
    appeared = len(after - before)
    if appeared or text_of(form, "daarna") != "terug":
        return render(item_page(request, db, actor, case_id, section_id, group, item_id, appeared=appeared))
    return see_other(f"{base_of(case_id)}/{section_id}?gedaan=opgeslagen#vraag-{group}")


@router.get("/{section_id}/{group}/{item_id}/verwijderen")
def ask_remove(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str
) -> Response:
    """Ask once before an item goes."""
    item = sections.show_item(db, actor, case_id, group, item_id)
    here = f"{base_of(case_id)}/{section_id}"
    return render(
        RemoveItemPage(
            shell=frame(request, db, actor, current=base_of(case_id)),
            title=item.title,
            noun=noun_of(sections.load_section(db, actor, case_id, section_id), group),
            action=f"{here}/{group}/{item_id}/verwijderen",
            cancel=f"{here}#vraag-{group}",
        )
    )


@router.post("/{section_id}/{group}/{item_id}/verwijderen")
def remove(db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str) -> Response:
    """Take an item away. Doing it twice changes nothing."""
    answering.remove_item(db, actor, case_id, group, item_id)
    return see_other(f"{base_of(case_id)}/{section_id}?gedaan=verwijderd#vraag-{group}")


@router.post("/{section_id}/{group}/{item_id}/terugzetten")
def restore(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str, form: Sent
) -> Response:
    """Bring a removed item back and save what was typed about it meanwhile."""
    answering.restore_item(db, actor, case_id, group, item_id)
    return save_item(request, db, actor, case_id, section_id, group, item_id, form)
