"""`toetssteen rules`: look at the rules, and test them with their own examples."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from app.cli.assess_report import report_on
from app.cli.assess_text import result_lines
from app.cli.assessing import PackOption, today
from app.cli.case_file import check_judgements, read_case
from app.cli.comparing import compared_lines
from app.cli.coverage import show_coverage
from app.cli.output import REFUSED, problems_told
from app.cli.sources import list_sources
from app.conditions.yaml_source import did_you_mean
from app.errors import NotFound
from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.questionnaires.wording import fill
from app.reviews.decisions import SEVERITY_TITLES
from app.risk_rules import explain
from app.risk_rules.loading import load_rulebook
from app.risk_rules.packs import load_pack, with_pack
from app.risk_rules.rulebook import Rule, RuleBook
from app.risk_rules.testing import run_examples, run_mutants
from app.usecases.library import rulebook

app = typer.Typer(help="Look at the rules, and test them with their own examples.", no_args_is_help=True)
app.command("sources")(list_sources)
app.command("coverage")(show_coverage)

RuleArgument = Annotated[str, typer.Argument(help="The id of the rule, for example COM-01.")]
TierOption = Annotated[Tier | None, typer.Option("--tier", help="Only for this kind of authority.")]


@app.command("list")
def list_rules(
    tier: TierOption = None,
    subject: Annotated[str, typer.Option(help="Only this subject, for example companies.")] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """List the rules: id, severity, kind, legal frame and title, by subject."""
    with problems_told():
        book = rulebook(newest())
        if subject and subject not in book.subjects:
            raise NotFound(f"no subject {subject!r}: {did_you_mean(subject, book.subjects)}")
    chosen = [
        rule for rule in book.rules if (tier is None or tier in rule.tiers) and (not subject or rule.subject == subject)
    ]
    if as_json:
        typer.echo(json.dumps([_entry(rule) for rule in chosen], ensure_ascii=False, indent=2))
        return
    for line in _listing(book, chosen, tier or Tier.MUNICIPALITY):
        typer.echo(line)


def _entry(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "subject": rule.subject,
        "severity": int(rule.severity),
        "kind": str(rule.kind),
        "frame": str(rule.frame),
        "tiers": list(rule.tiers),
        "catalogue": list(rule.catalogue),
        "statements": list(rule.statements),
    }


def _listing(book: RuleBook, rules: list[Rule], tier: Tier) -> Iterator[str]:
    subject = ""
    for rule in rules:
        if rule.subject != subject:
            subject = rule.subject
            yield f"\n{book.subjects[subject].title}"
        yield f"  {rule.id:<8} {int(rule.severity)}  {rule.kind:<10} {rule.frame:<15} {fill(rule.title, tier)}"
    yield f"\n{len(rules)} rules"


@app.command()
def show(rule_id: RuleArgument, tier: TierOption = None) -> None:
    """Show a whole rule: when it holds, on what it rests, what it says, and its examples."""
    with problems_told():
        book = _with_examples()
        rule = _find(book, rule_id)
    for line in _shown(book, rule, tier or Tier(rule.tiers[0])):
        typer.echo(fill(line, tier or Tier(rule.tiers[0])))


def _shown(book: RuleBook, rule: Rule, tier: Tier) -> Iterator[str]:
    yield f"{rule.id}  {rule.title}"
    yield f"Onderwerp:     {book.subjects[rule.subject].title}"
    yield f"Zwaarte:       {int(rule.severity)}, {SEVERITY_TITLES[int(rule.severity)]}"
    yield f"Soort, kader:  {rule.kind}, {rule.frame}"
    yield f"Voor:          {', '.join(rule.tiers)}"
    if rule.valid_from or rule.valid_to:
        yield f"Geldig:        {rule.valid_from or '…'} tot en met {rule.valid_to or '…'}"
    yield from _norms(book, rule, tier)
    yield f"Herkomst:      {', '.join((*rule.catalogue, *rule.statements)) or '-'}"
    yield ""
    yield from explain.rule_prose(rule, book.vocabulary, tier).lines()
    for adjustment in rule.adjust:
        yield f"Zwaarte {adjustment.by:+d}: {adjustment.because}"
    yield ""
    texts = {
        "Als het vaststaat": rule.flag,
        "Zolang het open is": rule.ask,
        "Vraag aan de beoordelaar": rule.question_for_reviewer,
        "Uitleg": rule.interpretation,
        "Weeg mee": "; ".join(rule.considerations),
        "Ontheffing door": rule.exempting_authority.get(str(tier), ""),
        "Voor de raad": rule.council,
        "Gevolg": rule.consequence,
        "Advies": rule.advice,
        "Maatregelen": "; ".join(book.measures[name].title for name in rule.measures),
    }
    yield from (f"{name}: {text}" for name, text in texts.items() if text)
    yield ""
    yield from (f"Voorbeeld: {example.why} → {example.expect}" for example in rule.examples)
    yield f"Geschreven in {rule.position.file}, regel {rule.position.line}"


def _norms(book: RuleBook, rule: Rule, tier: Tier) -> Iterator[str]:
    for norm in explain.norms(rule, book, tier):
        reading = " (onze uitleg)" if norm.interpretation else ""
        yield f"Norm:          {norm.text}{reading}" + (f", als {norm.when}" if norm.when else "")


@app.command("explain")
def explain_rule(
    rule_id: Annotated[
        str, typer.Argument(help="The id of the rule, for example COM-01; may be left out with --compare.")
    ] = "",
    case: Annotated[
        Path | None, typer.Option("--case", help="Say what the rule makes of this case.", exists=True, dir_okay=False)
    ] = None,
    tier: TierOption = None,
    *,
    compare: Annotated[
        bool, typer.Option("--compare", help="Hold the law in force beside the bill: what differs per rule.")
    ] = False,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day to compare on; today by default.")
    ] = None,
) -> None:
    """Say in Dutch when a rule holds; with `--case`, also what it makes of that case and why.

    With `--compare`: what bill 36892 changes for this rule, or for all rules that differ when none is named.
    """
    if not rule_id and not compare:
        raise typer.BadParameter("name a rule, or add --compare")
    with problems_told():
        book = rulebook(newest())
        rule = _find(book, rule_id) if rule_id else None
        lines = [] if rule is None else _explained(book, rule, case, tier)
    if compare:
        lines += ["", *compared_lines(book, newest(), rule, tier, on.date() if on else today())]
    for line in lines:
        typer.echo(line)


def _explained(book: RuleBook, rule: Rule, case: Path | None, tier: Tier | None) -> list[str]:
    words = tier or Tier(rule.tiers[0])
    lines = [*explain.rule_prose(rule, book.vocabulary, words).lines(), *_norms(book, rule, words)]
    if case is not None:
        read = read_case(case, today())
        check_judgements(read, book, case.name)
        found = [result for result in report_on(read, book).results if result.rule == rule.id]
        lines.append("")
        for result in found:
            lines += [result.outcome.upper(), *result_lines(result)]
        if not found:
            lines.append("This rule does not exist for this authority, on this day or under this law.")
    return lines


@app.command("test")
def run_tests(
    rule_ids: Annotated[list[str] | None, typer.Argument(help="Only these rules; all when none are named.")] = None,
    *,
    mutants: Annotated[
        bool, typer.Option(help="Also break the rules on purpose; every mistake must be noticed.")
    ] = True,
    pack: PackOption = None,
) -> None:
    """Run the examples of the rules, and break the rules on purpose: every mistake must be noticed by an example.

    With `--pack` the rules of that pack, and no others.

    The exit code is 1 when an example comes out otherwise or a mistake goes unnoticed.
    """
    with problems_told():
        questionnaire = newest()
        book = _with_examples()
        if pack is not None:
            local = load_pack(pack, book)
            book = replace(with_pack(book, local), rules=local.rules)
        chosen = tuple(_find(book, rule_id) for rule_id in rule_ids) if rule_ids else book.rules
        book = replace(book, rules=chosen)
        examples = run_examples(book, questionnaire)
    wrong = [result for result in examples if not result.ok]
    for result in wrong:
        typer.echo(str(result))
    silent = [rule.id for rule in chosen if not rule.examples]
    if silent:  # nothing tested would otherwise look like nothing wrong
        typer.echo(f"no examples: {', '.join(silent)}")
    typer.echo(
        f"{len(examples) - len(wrong)} of {len(examples)} examples of {len(chosen)} rule{'' if len(chosen) == 1 else 's'} as expected"
    )
    if wrong or silent or not mutants:
        raise typer.Exit(1 if wrong or silent else 0)
    with problems_told():
        broken = run_mutants(book, questionnaire)
    unnoticed = [result for result in broken if not result.killed]
    for mutant in unnoticed:
        typer.echo(str(mutant))
    typer.echo(f"{len(broken) - len(unnoticed)} of {len(broken)} mutants noticed")
    if unnoticed:
        worst = ", ".join(f"{rule} ({count})" for rule, count in Counter(one.rule for one in unnoticed).most_common(5))
        typer.echo(f"most left by: {worst}")
        raise typer.Exit(1)


@cache
def _with_examples() -> RuleBook:
    """Read the rules as their authors wrote them; weighing a case does without the examples."""
    return load_rulebook(newest())


def _find(book: RuleBook, rule_id: str) -> Rule:
    rule = book.by_id.get(rule_id.upper())
    if rule is None:
        typer.echo(f"no rule {rule_id!r}: {did_you_mean(rule_id.upper(), book.by_id)}", err=True)
        raise typer.Exit(REFUSED)
    return rule
