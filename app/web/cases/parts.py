"""What goes back to the browser after one answer: the question itself, what came or went, what the answers show now."""

from collections.abc import Iterable

from starlette.responses import Response

from app.errors import NotFound
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Group
from app.usecases.flags import FlagView
from app.usecases.questions import QuestionView as QuestionRead
from app.usecases.questions import counted
from app.usecases.sections import SectionView
from app.web.cases.mapping import Around, insights_of, places
from app.web.cases.pages import InsightsPart, QuestionPart, SectionProgressPart
from app.web.pages import Part, render


def page_of(view: SectionView, at: AnswerPath | None) -> tuple[tuple[str, ...], tuple[QuestionRead, ...]]:
    """Give every place of the page that holds `at`, and what is asked there. Raises NotFound for another page.

    A path with an item stands on the page of that item, every other path on the page of its section.
    """
    if at is None or at.item is None:
        return tuple(question.id for question in view.section.questions), view.questions
    group = next((question for question in view.section.questions if question.id == at.group), None)
    items = next((one.items for one in view.questions if one.path == at.group), ())
    item = next((one for one in items if one.item_id == at.item), None)
    if not isinstance(group, Group) or item is None:
        raise NotFound("this item does not stand on this page")
    return tuple(str(AnswerPath(field.id, at.item)) for field in group.questions), item.questions


def after_saving(
    around: Around,
    view: SectionView,
    at: AnswerPath,
    moved: Iterable[str] = (),
    *,
    status: int = 200,
    flags_before: tuple[FlagView, ...] | None = None,
) -> Response:
    """Answer a save with the parts of the page that it changed. `moved` holds the paths that came or went.

    `flags_before` is what the answers showed before the save: with it, only places where something else is shown now
    are told. Without it all of them are.
    """
    order, read = page_of(view, at)
    path = str(at)
    if path not in order:
        raise NotFound("this question does not stand on this page")
    moved = frozenset(moved)
    fresh = moved | {path}
    shown = dict(zip(order, places(around, order, read, fresh=fresh), strict=True))
    parts: list[Part] = [
        QuestionPart(place=shown[one], writable=view.writable)
        for one in (path, *(other for other in order if other in fresh and other != path))
    ]
    asked = {question.path for question in read}
    if flags_before is None:
        changed = asked
    else:
        old = insights_of(flags_before, (one for one in order if one in asked ^ moved))
        changed = {one for one, place in shown.items() if place.insights != old.get(one, ())}
    parts += [InsightsPart(place=place) for one, place in shown.items() if one in fresh or one in changed]
    parts.append(_progress(view, at, read))
    return render(parts[0], *parts[1:], status=status)


def _progress(view: SectionView, at: AnswerPath, read: tuple[QuestionRead, ...]) -> SectionProgressPart:
    if at.item is not None:
        answered, total = counted(read)
        return SectionProgressPart(answered=answered, total=total)
    here = view.here
    return SectionProgressPart(answered=here.answered, total=here.asked)
