"""What a page of questions sent, as answers to save. The names are explained in templates/ui/questions.html."""

from collections.abc import Iterator

from starlette.datastructures import FormData

from app.questionnaires.answers import COMPLETE, OPEN_LIST
from app.questionnaires.limits import visible
from app.usecases.answering import Typed
from app.web.deps import text_of, texts_of

MOST_ON_A_PAGE = 200
"""More questions than any page of ours shows."""


def typed_page(form: FormData) -> Iterator[Typed]:
    """Give what was sent for each question that was on the page, in page order, each once."""
    for path in tuple(dict.fromkeys(texts_of(form, "gevraagd")))[:MOST_ON_A_PAGE]:
        yield typed(form, path)


def typed(form: FormData, path: str) -> Typed:
    """Give what was sent for one question. Controls that were left empty count as cleared."""
    raw = texts_of(form, path)
    if f"{path}:relation" in form or f"{path}:interest" in form:
        raw = (text_of(form, f"{path}:relation"), text_of(form, f"{path}:interest"))
        raw = raw if any(raw) else ()
    state = text_of(form, f"{path}:state")
    if state:
        raw = (*raw, state) if any(one.strip() for one in raw) else (state,)
    if raw == (OPEN_LIST,) and text_of(form, f"{path}:alles") == "yes":
        raw = (COMPLETE,)
    revision = text_of(form, f"{path}:revision")
    return Typed(
        path=path,
        # A text that is refused goes back into its field: what nobody can see stays behind here.
        raw=tuple(visible(one) for one in raw),
        note=visible("".join(texts_of(form, f"{path}:note"))),
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else None,  # noqa: PLR2004 - no answer is rewritten that often
    )
