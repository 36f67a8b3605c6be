"""All flags of a case, and the rules that did not fire."""

from itertools import groupby

from fastapi import APIRouter, Request, Response

from app.conditions.prose import listing
from app.reviews.lifecycle import Action
from app.usecases import notes, rectifying, reviewing
from app.usecases.reviewing import ReviewFlag
from app.usecases.settled import OpenLine
from app.web.cases.views import OptionView, RowView
from app.web.deps import Db, Staff
from app.web.pages import render
from app.web.review.mapping import base_of, blocker_views, flag_card, quotes, written_before
from app.web.review.notes import notes_view
from app.web.review.pages import CountView, NotFiredPage, OpenLineView, ReviewPage, RuleLineView, StillOpenPage
from app.web.shells import frame

router = APIRouter(prefix="/zaken/{case_id}/beoordeling", include_in_schema=False)

_NEXT: dict[Action, tuple[str, str]] = {
    Action.OPEN_HEARING: ("Leg het concept voor aan de kandidaat", "beoordeling/concept"),
    Action.CLOSE_HEARING: ("Sluit het wederhoor", "sluit-wederhoor"),
    Action.CONCLUDE: ("Stel de conclusie vast", "beoordeling/conclusie"),
    Action.REQUEST_CORRECTION: ("Vraag om een aanvulling", "beoordeling/aanvulling"),
    Action.BACK_TO_REVIEW: ("Terug naar de beoordeling", "terug"),
    Action.PRESENT: ("Raadsversie maken en verzenden", "raadsversie"),
}


@router.get("")
def show(request: Request, db: Db, actor: Staff, case_id: str, onderwerp: str = "") -> Response:
    """Show all flags of a case."""
    review = reviewing.case_review(db, actor, case_id)
    written = notes.notes_of(db, actor, case_id)
    base = base_of(case_id)
    subjects = {one.flag.subject: one.flag.subject_title for one in review.flags}
    chosen = onderwerp if onderwerp in subjects else ""
    counts = [one.flag.severity for one in review.flags]

    def cards(found: tuple[ReviewFlag, ...]) -> tuple[ReviewFlag, ...]:
        return tuple(one for one in found if not chosen or one.flag.subject == chosen)

    page = ReviewPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        case_url=f"/zaken/{case_id}",
        step=review.case.step_title,
        counts=tuple(
            CountView(severity=level, count=counts.count(level)) for level in (4, 3, 2, 1, 0) if level in counts
        ),
        certain=tuple(flag_card(one, base) for one in cards(review.certain)),
        possible=tuple(flag_card(one, base) for one in cards(review.possible)),
        written=written_before(review),
        not_fired=review.not_fired,
        not_fired_url=f"{base}/niet-van-toepassing",
        still_open_url=f"{base}/open-vragen",
        answers_url=f"{base}/antwoorden",
        research_url=f"{base}/onderzoek",
        files_url=f"{base}/bijlagen",
        corrections_url=f"{base}/correcties",
        corrections_open=sum(one.agreed is None for one in rectifying.for_review(db, actor, case_id)[1]),
        actions=tuple(
            RowView(
                label=_NEXT[action][0],
                value="primary" if place == 0 else "secondary",
                href=f"/zaken/{case_id}/{_NEXT[action][1]}",
            )
            for place, action in enumerate(action for action in _NEXT if action in review.actions)
        ),
        blockers=blocker_views(review, base),
        subjects=tuple(OptionView(id=key, label=title) for key, title in subjects.items()),
        subject=chosen,
        here=base,
        notes=notes_view(written, written.about_case(), None),
    )
    return render(page)


@router.get("/niet-van-toepassing")
def show_not_fired(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show the rules that did not fire, and why."""
    review = reviewing.case_review(db, actor, case_id)
    found = reviewing.not_fired(db, actor, case_id)
    ordered = sorted(found, key=lambda flag: (flag.subject_title, flag.rule))
    groups = tuple(
        (
            title,
            tuple(
                RuleLineView(
                    id=flag.rule,
                    title=flag.title,
                    subject=title,
                    about=flag.about,
                    norms="; ".join(norm.text for norm in flag.norms) or "praktijk",
                    quotes=quotes(flag.quotes),
                )
                for flag in flags
            ),
        )
        for title, flags in groupby(ordered, key=lambda flag: flag.subject_title)
    )
    page = NotFiredPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        back=base_of(case_id),
        groups=groups,
        count=len({flag.rule for flag in found}),
    )
    return render(page)


@router.get("/open-vragen")
def show_still_open(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show which open questions still matter to the rules, and which do not any more."""
    review = reviewing.case_review(db, actor, case_id)
    found = reviewing.what_is_open(db, actor, case_id)
    page = StillOpenPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        back=base_of(case_id),
        matter=_by_section(found.matter),
        no_longer=_by_section(found.no_longer),
        case_facts=listing(list(found.case_facts), "en"),
        judgements=found.judgements,
    )
    return render(page)


def _by_section(lines: tuple[OpenLine, ...]) -> tuple[tuple[str, tuple[OpenLineView, ...]], ...]:
    return tuple(
        (title, tuple(OpenLineView(question=one.question, about=one.about, who=_who(one)) for one in some))
        for title, some in groupby(lines, key=lambda one: one.section_title)
    )


def _who(line: OpenLine) -> str:
    who = "de kandidaat" if line.by_candidate else "de beoordelaar"
    if line.voluntary:
        who = f"{who}, uit eigen beweging"
    return f"{who}, alleen als deze vraag komt" if line.later else who
