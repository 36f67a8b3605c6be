"""From a published record to what the pages about rules and questions show."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from markupsafe import Markup, escape

from app.questionnaires.context import Tier
from app.questionnaires.wording import fill
from app.reviews.decisions import SEVERITY_TITLES
from app.reviews.lifecycle import Role, role_title
from app.usecases.publishing.questions import questions
from app.usecases.publishing.records import (
    ChangeNoted,
    Line,
    Proposal,
    PublishedExample,
    PublishedNorm,
    PublishedQuestion,
    PublishedRule,
)
from app.usecases.publishing.rules import rules
from app.web.cases.views import OptionView, RowView
from app.web.pages import Shell
from app.web.public.published_pages import (
    ChangeLine,
    ExampleLine,
    NormLine,
    ProposalLine,
    QuestionPage,
    RulePage,
)
from app.web.public.words import (
    AUTHORITIES,
    AUTHORITY_LABELS,
    GROUNDS,
    KINDS,
    OPENNESS,
    OUTCOMES,
    PARTS,
    QUESTION_KINDS,
    RESPONDENTS,
    SCOPES,
    SEVERITIES,
)

_SLUGS = {tier: slug for slug, tier in AUTHORITIES.items()}
_SOURCES = {
    "candidate": "de opgave van de kandidaat",
    "organisation_records": "de eigen administratie",
    "trade_register": "het handelsregister",
    "land_register": "het Kadaster",
    "public_media": "openbare media",
    "other_public": "andere openbare bronnen",
}
_KEPT = {
    "answers": "als antwoord: de kortste termijn",
    "verification": "als controle: net zo lang als de antwoorden",
    "conclusions": "bij de conclusie en de maatregelen",
    "register": "in het openbare register, zolang iemand het ambt heeft",
}
_ROLES = {"clerk": Role.CLERK, "principal": Role.PRINCIPAL, "analyst": Role.ANALYST, "auditor": Role.AUDITOR}
_BADGES = {"certain": "strong", "possible": "info", "none": "neutral"}


def address(path: str, tier: Tier, **more: str) -> str:
    """Write an address for one kind of authority; a municipality is what an address without one means."""
    query = {"voor": "" if tier is Tier.MUNICIPALITY else _SLUGS[tier], **more}
    told = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{told}" if told else path


def rule_path(rule_id: str) -> str:
    """Give the address of a rule."""
    return f"/regels/{quote(rule_id)}"


def question_path(question_id: str) -> str:
    """Give the address of a question."""
    return f"/vragen/{quote(question_id)}"


def told(line: Line) -> Markup:
    """Write a condition as text with lists in lists."""
    if not line.parts:
        return Markup('<p class="nl-paragraph">{}</p>').format(line.text)
    return Markup('<p class="nl-paragraph">{}</p>{}').format(line.text, _listed(line.parts))


def _listed(lines: Iterable[Line]) -> Markup:
    items = Markup("").join(
        Markup('<li class="utrecht-unordered-list__item">{}{}</li>').format(
            escape(line.text), _listed(line.parts) if line.parts else ""
        )
        for line in lines
    )
    return Markup('<ul class="utrecht-unordered-list">{}</ul>').format(items)


def rule_page(
    shell: Shell, rule: PublishedRule, tier: Tier, history: tuple[ChangeNoted, ...], *, current: bool
) -> RulePage:
    """Make the page of one rule, of which the record is in the words of `tier`."""
    path = rule_path(rule.id)
    kind, kind_meaning = KINDS[rule.kind]
    _, ground, ground_meaning = GROUNDS[rule.ground]
    return RulePage(
        shell=shell,
        id=rule.id,
        version=rule.version,
        current=current,
        current_href=address(path, tier) if rule.id in rules() else "",
        permanent=address(f"{path}/v/{rule.version}", tier),
        json=address(f"{path}.json", tier, versie="" if current else rule.version),
        back=address("/regels", tier),
        title=rule.title,
        subject=rule.subject_title,
        severity=rule.severity,
        severity_meaning=SEVERITIES[rule.severity],
        kind=kind,
        kind_meaning=kind_meaning,
        ground=ground,
        ground_meaning=ground_meaning,
        proposal=_proposal(rule.proposal),
        authority=AUTHORITY_LABELS[tier],
        authorities=_elsewhere(path if current else f"{path}/v/{rule.version}", rule.authorities, tier),
        since=rule.valid_from,
        until=rule.valid_to,
        condition=told(rule.condition),
        norms=_norms(rule.norms),
        interpretation=rule.interpretation,
        exemption=rule.exempting_authority.get(tier.value, ""),
        when_certain=rule.when_certain,
        while_open=rule.while_open,
        judge=rule.question_for_reviewer,
        considerations=rule.considerations,
        council=rule.council,
        consequence=rule.consequence,
        advice=rule.advice,
        measures=tuple(RowView(label=one.title, value=one.what) for one in rule.measures),
        weighs=tuple(f"{'Zwaarder' if one.by > 0 else 'Lichter'}: {one.because}" for one in rule.weighs),
        reads=tuple(
            RowView(label=fill(questions()[one].label, tier), value="", href=address(question_path(one), tier))
            for one in rule.reads
            if one in questions()
        ),
        origin=", ".join((*rule.catalogue, *rule.statements)),
        examples=tuple(_example(one) for one in rule.examples),
        history=_history(path, tier, history),
    )


def question_page(
    shell: Shell, asked: PublishedQuestion, tier: Tier, history: tuple[ChangeNoted, ...], *, current: bool
) -> QuestionPage:
    """Make the page of one question, of which the record is in the words of `tier`."""
    path = question_path(asked.id)
    known = rules()
    return QuestionPage(
        shell=shell,
        id=asked.id,
        version=asked.version,
        current=current,
        current_href=address(path, tier) if asked.id in questions() else "",
        permanent=address(f"{path}/v/{asked.version}", tier),
        json=address(f"{path}.json", tier, versie="" if current else asked.version),
        back=address("/vragen", tier),
        label=asked.label,
        help=asked.help,
        why=asked.why,
        proposal=_proposal(asked.proposal),
        facts=_facts(asked, tier),
        authority=AUTHORITY_LABELS[tier],
        authorities=_elsewhere(path if current else f"{path}/v/{asked.version}", asked.authorities, tier),
        within=bool(asked.group),
        asked_when=None if asked.asked_when is None else told(asked.asked_when),
        options=tuple(OptionView(id=one.id, label=one.label, help=one.help) for one in asked.options),
        norms=_norms(asked.norms),
        read_by=tuple(
            RowView(label=fill(known[one].title, tier), value=one, href=address(rule_path(one), tier))
            for one in asked.read_by
            if one in known and tier.value in known[one].authorities
        ),
        history=_history(path, tier, history),
    )


def _facts(asked: PublishedQuestion, tier: Tier) -> tuple[RowView, ...]:
    within = questions().get(asked.group)
    rows = [
        ("Wie antwoordt", RESPONDENTS[asked.respondent]),
        ("Onderdeel", asked.section_title),
        ("Deel van de lijst", fill(within.label, tier) if within else ""),
        ("Soort antwoord", QUESTION_KINDS[asked.kind]),
        ("Waarop de vraag rust", SCOPES[asked.scope]),
        ("Wie het antwoord leest", _and([role_title(_ROLES[one], tier.value) for one in asked.readers])),
        ("Waar het antwoord wordt nagekeken", _and([_SOURCES[one] for one in asked.sources])),
        ("Hoe lang het bewaard blijft", _KEPT[asked.retention]),
        ("Hoe openbaar het antwoord is", fill(OPENNESS[asked.openness], tier)),
        ("Waarom zo openbaar", asked.openness_ground),
        ("Liever praten", "Dat mag" if asked.oral else "Dat kan bij deze vraag niet"),
    ]
    return tuple(RowView(label=label, value=value) for label, value in rows if value)


def _and(words: list[str]) -> str:
    return " en ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _elsewhere(path: str, authorities: Iterable[str], tier: Tier) -> tuple[RowView, ...]:
    """Link to the same thing for the other kinds of authority; the one in hand has no link."""
    here = [one for one in Tier if one.value in set(authorities)]
    return tuple(
        RowView(label=AUTHORITY_LABELS[one], value="", href="" if one is tier else address(path, one)) for one in here
    )


def _proposal(found: Proposal | None) -> ProposalLine | None:
    if found is None:
        return None
    return ProposalLine(
        title=found.title,
        dossier=found.dossier,
        submitted=found.submitted,
        status=found.status,
        verified=found.status_verified,
        note=found.note,
    )


def _norms(found: Iterable[PublishedNorm]) -> tuple[NormLine, ...]:
    return tuple(
        NormLine(text=one.text, href=one.url, about=one.about, when=one.when, note=one.note, ours=one.interpretation)
        for one in found
    )


def _example(one: PublishedExample) -> ExampleLine:
    return ExampleLine(
        why=one.why[:1].upper() + one.why[1:],
        outcome=OUTCOMES[one.outcome],
        kind=_BADGES[one.outcome],
        rows=(
            RowView(label="Organisatie", value=AUTHORITY_LABELS[Tier(one.authority)]),
            *(RowView(label=told.question, value=told.answer) for told in one.facts),
        ),
    )


def _history(path: str, tier: Tier, noted: tuple[ChangeNoted, ...]) -> tuple[ChangeLine, ...]:
    return tuple(
        ChangeLine(
            day=one.day,
            release=one.release,
            version=one.version,
            href=address(f"{path}/v/{one.version}", tier),
            what=_changed(one.changed),
        )
        for one in noted
    )


def _changed(parts: tuple[str, ...]) -> str:
    names = list(dict.fromkeys(PARTS.get(part, "een kenmerk") for part in parts))
    return f"Gewijzigd: {_and(names)}" if names else "Voor het eerst gepubliceerd"


def severity_options() -> tuple[OptionView, ...]:
    """Offer every severity in a filter."""
    return tuple(OptionView(id=str(level), label=title) for level, title in SEVERITY_TITLES.items())
