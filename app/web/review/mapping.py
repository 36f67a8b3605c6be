"""From a reviewed flag to the card a reviewer sees."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from app.errors import NotAllowed
from app.reviews.decisions import OUTCOME_TITLES, Judgement, Measure, Openness
from app.reviews.lifecycle import Action
from app.risk_rules.explain import Norm, Quote
from app.risk_rules.packs import is_local
from app.usecases.flags import AdjustmentView, FlagView
from app.usecases.reviewing import CaseReview, LeftBehind, ReviewFlag
from app.usecases.settled import SettledBy
from app.web.cases.views import NormView
from app.web.review.pages import BlockerView, FlagCardView, MeasureView, QuoteView, RemarkView, WrittenView

_FRAMES = {"code_of_conduct": "Gedragscode", "practice": "Praktijk", "bill_36892": "Voorstel, geen geldend recht"}
_JUDGED = {
    Judgement.APPLIES: "Oordeel: de norm is van toepassing.",
    Judgement.DOES_NOT_APPLY: "Oordeel: de norm is niet van toepassing.",
}
_OPENNESS = {Openness.PUBLIC: "Ja", Openness.CONFIDENTIAL: "Nee, vertrouwelijk"}


def flag_card(reviewed: ReviewFlag, base: str) -> FlagCardView:
    """Show a flag with everything people said about it."""
    flag = reviewed.flag
    status, kind = _status(reviewed)
    decision = reviewed.decision
    return FlagCardView(
        id=flag.anchor,
        rule=flag.rule,
        item=flag.item or "",
        href=flag_address(base, flag),
        title=flag.title,
        # Before the facts are certain the words for the council would say more than anybody knows.
        text=flag.council if flag.certain else "",
        severity=flag.severity,
        certain=flag.certain,
        subject=flag.subject_title,
        frame="Eigen gedragscode" if is_local(flag.rule) else _FRAMES.get(str(flag.frame), ""),
        quotes=quotes(flag.quotes),
        missing=quotes(tuple(_settles(flag.settled_by))) if flag.settled_by else (),
        norms=tuple(norm_view(norm) for norm in flag.norms),
        told=_told(flag),
        judge=flag.question_for_reviewer,
        considerations=flag.considerations,
        remarks=_remarks(reviewed),
        measures=tuple(measure_view(measure) for measure in reviewed.measures),
        decided=OUTCOME_TITLES[decision.outcome] if decision else "",
        look_again=reviewed.look_again,
        status=status,
        status_kind=kind,
    )


def _told(flag: FlagView) -> tuple[QuoteView, ...]:
    said = (
        ("Signaal" if flag.certain else "Vraag", flag.for_candidate),
        ("Wat volgt hieruit", flag.consequence),
        ("Zo wordt dit meestal opgelost", flag.advice),
        ("Uitleg, geen wettekst", flag.interpretation),
    )
    weighs = ((_adjustment(one), one.because) for one in flag.adjustments)
    return tuple(QuoteView(question=heading, answer=words) for heading, words in (*said, *weighs) if words)


def base_of(case_id: str) -> str:
    """Give the address of a review."""
    return f"/zaken/{case_id}/beoordeling"


def flag_address(base: str, flag: FlagView) -> str:
    """Give the address of one flag."""
    return f"{base}/signaal/{flag.rule}/{flag.item or '-'}"


def norm_view(norm: Norm) -> NormView:
    """Cite a norm; say so when the reading is ours."""
    return NormView(label=f"{norm.text} (uitleg)" if norm.interpretation else norm.text, href=norm.url)


def quotes(found: tuple[Quote, ...]) -> tuple[QuoteView, ...]:
    """Quote questions with their answers."""
    # What a rule knows about the case has a name and no question: "portefeuille".
    return tuple(QuoteView(question=one.question[:1].upper() + one.question[1:], answer=one.answer) for one in found)


def _settles(found: SettledBy) -> Iterator[Quote]:
    """List what decides a possible flag, each with who gives it."""
    for one in found.now:
        yield replace(one, answer="vraag aan de kandidaat")
    for one in found.later:
        yield replace(one, answer="vraag aan de kandidaat, alleen als deze vraag komt")
    for one in found.by_reviewer:
        yield replace(one, answer="dit legt u zelf vast bij het onderzoek")
    for one in found.case_facts:
        yield replace(one, answer="staat in de gegevens van de zaak")
    if found.judged:
        yield Quote("", "uw oordeel over de norm", "met een motivering; een antwoord kan dit niet vervangen")
    if not found.smallest:
        yield Quote("", "misschien is een deel hiervan al genoeg", "")


def measure_view(measure: Measure) -> MeasureView:
    """Show a measure that was agreed."""
    return MeasureView(
        id=measure.id,
        title=measure.title,
        owner=measure.owner,
        terms=measure.terms,
        due=measure.due,
        evidence=measure.evidence,
        openness=_OPENNESS[measure.openness],
        before_appointment=measure.before_appointment,
        review_on=measure.review_on,
        done_on=measure.done_on,
    )


def written_before(review: CaseReview) -> tuple[WrittenView, ...]:
    """Show what people wrote about what gives no flag now, with the reason."""
    gone = (
        WrittenView(title=one.flag.title, rule=one.flag.rule, reason=_RULED_OUT, remarks=_remarks(one))
        for one in review.gone
    )
    left = (
        WrittenView(
            title=f"Regel {one.rule}",
            rule=one.rule,
            reason=_RULE_GONE if one.rule_is_gone else _THING_GONE,
            remarks=_remarks(one),
        )
        for one in review.left
    )
    return (*gone, *left)


_RULED_OUT = "De antwoorden of het oordeel van een beoordelaar geven dit signaal nu niet meer."
_RULE_GONE = "Deze regel telt niet meer mee. Hij is vervallen, of de organisatie gebruikt hem niet meer."
_THING_GONE = "Dit ging over iets wat niet meer in de antwoorden staat."


def _remarks(reviewed: ReviewFlag | LeftBehind) -> tuple[RemarkView, ...]:
    said = [
        RemarkView(
            kind="Reactie van de kandidaat" if one.asked else "Geen reactie gevraagd",
            who=one.by_name,
            at=one.at,
            text=one.text,
        )
        for one in reviewed.replies
    ]
    for finding in reviewed.findings:
        extra = [_JUDGED[finding.judgement]] if finding.judgement else []
        extra += [f"Advies: {finding.advice}"] if finding.advice else []
        said.append(
            RemarkView(
                kind="Bevinding", who=finding.by_name, at=finding.at, text=finding.motivation, extra=" ".join(extra)
            )
        )
    for decision in reviewed.decisions:
        extra = [f"Voor de raad: {decision.council_text}"] if decision.council_text else []
        said.append(
            RemarkView(
                kind=f"Besluit: {OUTCOME_TITLES[decision.outcome]}",
                who=decision.by_name,
                at=decision.at,
                text=decision.motivation,
                extra=" ".join(extra),
            )
        )
    return tuple(sorted(said, key=lambda one: one.at))


def _adjustment(one: AdjustmentView) -> str:
    return f"Weegt {'' if one.certain else 'misschien '}{'zwaarder' if one.by > 0 else 'lichter'}"


def _status(reviewed: ReviewFlag) -> tuple[str, str]:
    if reviewed.decision is not None and not reviewed.look_again:
        return OUTCOME_TITLES[reviewed.decision.outcome], "ok"
    if reviewed.look_again:
        return "Kijk opnieuw", "attention"
    if reviewed.finding is not None:
        return "Wacht op een besluit", "info"
    return "Nog geen bevinding", "neutral"


def blocker_views(review: CaseReview, base: str) -> tuple[BlockerView, ...]:
    """Show what must still happen before a conclusion: each flag once, with where to do it."""
    views = []
    for key, found in groupby(review.blockers, key=lambda one: one.flag):
        missing = tuple(found)
        reviewed = review.find(*key) if key else None
        if reviewed is None:
            views += [BlockerView(title=one.reason, href="", told=one.remedy) for one in missing]
        else:
            told = "Ontbreekt: " + ", ".join(one.missing for one in missing)
            href = flag_address(base, reviewed.flag)
            views.append(BlockerView(title=reviewed.flag.title, href=href, told=told))
    return tuple(views)


def require(review: CaseReview, action: Action) -> None:
    """Refuse a page for an act that does not fit the step or the person."""
    if action not in review.actions:
        raise NotAllowed(f"Dit kan nu niet: de zaak staat op '{review.case.step_title}', of een ander moet dit doen.")
