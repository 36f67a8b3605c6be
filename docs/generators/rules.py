"""The rules with what they rest on, the measures and the sources of law, from the library that is weighed."""

from collections import Counter
from collections.abc import Mapping

from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.questionnaires.vocabulary import TIER_LABELS
from app.questionnaires.wording import fill
from app.reviews.decisions import SEVERITY_TITLES
from app.risk_rules import explain
from app.risk_rules.rulebook import Frame, Rule, RuleBook, RuleKind
from app.risk_rules.sources import LegalSource, SourceKind
from app.usecases.library import rulebook
from docs.generators.markdown import chapter, code, codes, table

_KINDS = {
    RuleKind.HARD_NORM: "a norm without weighing: it fires by itself",
    RuleKind.OPEN_NORM: "a norm that people weigh: stays possible until a reviewer has judged",
    RuleKind.DUTY: "something one must do, usually after the appointment",
    RuleKind.ATTENTION: "something to be aware of",
}
_FRAMES = {
    Frame.IN_FORCE: "law in force",
    Frame.BILL: "bill 36892, a proposal: only in a case that is looked at under the bill",
    Frame.CODE_OF_CONDUCT: "a code of conduct that the authority adopted",
    Frame.PRACTICE: "what integrity research in practice looks at",
}


def book() -> RuleBook:
    """The rulebook as the product weighs it."""
    return rulebook(newest())


def severities() -> str:
    """What each severity is called."""
    return table(("severity", "a user reads"), ((level, title) for level, title in SEVERITY_TITLES.items()))


def kinds() -> str:
    """How a rule can bind, and how many do."""
    counted = Counter(rule.kind for rule in book().rules)
    return table(("kind", "means", "rules"), ((code(kind), _KINDS[kind], counted[kind]) for kind in RuleKind))


def frames() -> str:
    """On what ground a rule can stand, and how many do."""
    counted = Counter(rule.frame for rule in book().rules)
    return table(("frame", "means", "rules"), ((code(frame), _FRAMES[frame], counted[frame]) for frame in Frame))


def rules() -> str:
    """Every rule, by subject, in the words of a municipality."""
    found = book()
    parts = [f"{len(found.rules)} rules under {len(found.subjects)} subjects.\n"]
    for subject in found.subjects.values():
        rows = [_row(rule, found) for rule in found.rules if rule.subject == subject.id]
        if rows:
            head = ("id", "title", "severity", "kind", "frame", "for", "rests on")
            parts.append(chapter(fill(subject.title, Tier.MUNICIPALITY), f"`{subject.id}`\n", table(head, rows)))
    return "\n".join(parts)


def _row(rule: Rule, found: RuleBook) -> tuple[object, ...]:
    tier = Tier.MUNICIPALITY if Tier.MUNICIPALITY in rule.tiers else Tier(rule.tiers[0])
    return (
        code(rule.id),
        fill(rule.title, tier),
        int(rule.severity),
        code(rule.kind),
        code(rule.frame),
        ", ".join(TIER_LABELS[Tier(name)] for name in rule.tiers),
        "; ".join(_linked(norm) for norm in explain.norms(rule, found, tier)),
    )


def _linked(norm: explain.Norm) -> str:
    told = f"[{norm.text}]({norm.url})" if norm.url else norm.text
    reading = " (our reading)" if norm.interpretation else ""
    return told + reading + (f" when {norm.when}" if norm.when else "")


def combinations() -> str:
    """When several flags about one thing weigh more together."""
    rows = (
        (
            code(one.id),
            one.title,
            code(one.about),
            f"{one.count} of severity {int(one.severity)} or more",
            int(one.becomes),
        )
        for one in book().combinations
    )
    return table(("id", "title", "about the same", "takes", "then weighs"), rows)


def measures() -> str:
    """Every kind of measure, with the defaults that people start from."""
    found = book()
    used = Counter(name for rule in found.rules for name in rule.measures)
    rows = (
        (
            code(measure.id),
            f"**{measure.title}.** {measure.what}",
            code(measure.owner),
            measure.term,
            measure.evidence,
            code(measure.openness),
            "" if measure.review_months is None else measure.review_months,
            used[measure.id],
        )
        for measure in found.measures.values()
    )
    head = ("id", "what", "owner", "when", "shown by", "openness", "looked at again after months", "proposed by rules")
    return table(head, rows)


def sources() -> str:
    """Every law with the text the rules were checked against, and the articles they cite."""
    found = book()
    laws = [source for source in found.sources.values() if source.kind is SourceKind.LAW]
    listed = table(
        ("key", "law", "BWB", "checked against the text of"),
        ((code(law.key), f"[{law.law}]({law.url})", law.bwb, law.consolidated) for law in laws),
    )
    others = table(
        ("key", "what", "kind", "state"),
        (
            (code(one.key), f"[{one.law}]({one.url})" if one.url else one.law, one.kind, _state(one))
            for one in found.sources.values()
            if one.kind is not SourceKind.LAW
        ),
    )
    return "\n".join([listed, others, *(_articles(law, found) for law in laws)])


def _state(source: LegalSource) -> str:
    checked = "" if source.status_verified else "Not verified in a primary source"
    return ". ".join(part.rstrip(".") for part in (source.status, source.note, checked) if part)


def _articles(law: LegalSource, found: RuleBook) -> str:
    cited = _citing(found.rules, found.sources)
    rows = (
        (f"art. {article}", about, codes(cited.get((law.key, article), ()))) for article, about in law.articles.items()
    )
    head = ("place", "what it is about (our description)", "rules")
    return chapter(f"{law.law} ({law.short})" if law.short else law.law, table(head, rows))


def _citing(found: tuple[Rule, ...], known: Mapping[str, LegalSource]) -> dict[tuple[str, str], list[str]]:
    places: dict[tuple[str, str], list[str]] = {}
    for rule in found:
        for basis in rule.basis:
            if basis.source in known and rule.id not in places.setdefault((basis.source, basis.article), []):
                places[basis.source, basis.article].append(rule.id)
    return places


def readings() -> str:
    """How we read the law where it does not say so itself, with the rules that rest on that reading."""
    told: dict[str, list[str]] = {}
    for rule in book().rules:
        if rule.interpretation:
            told.setdefault(fill(rule.interpretation, Tier(rule.tiers[0])), []).append(rule.id)
    return table(("how we read it", "rules"), ((reading, codes(ids)) for reading, ids in told.items()))
