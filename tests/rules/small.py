"""A small rulebook over the small questionnaire, written to a folder as an author would."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.conditions.facts import Facts
from app.conditions.yaml_source import Source, parse_text
from app.questionnaires.answers_file import read_answers
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import facts as facts_of
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import RuleBook
from tests.questionnaires.small import a_context

REGISTERS = {
    "sources.yaml": """\
sources:
  - {key: GW, kind: law, law: Gemeentewet, bwb: BWBR0005416, consolidated: 2026-10-01, url: "https://wetten.example/GW", articles: {"10": Vereisten, "28": Onthouden, "36b": Functies}}
  - {key: bill_36892, kind: bill, law: Wetsvoorstel, dossier: "36892", status: aanhangig}
  - {key: practice, kind: practice, law: Praktijk}
""",
    "subjects.yaml": "subjects:\n  - {id: office, title: Ambt}\n  - {id: companies, title: Ondernemingen}\n",
    "measures.yaml": """\
measures:
  - {id: divest, number: 7, title: Verkopen, what: U verkoopt., owner: candidate, before_appointment: true, term: Nu., evidence: Een akte., openness: public}
""",
    "combinations.yaml": """\
combinations:
  - {id: CMB-01, title: Samen, about: item, count: 2, severity: 2, becomes: 3, flag: Bij één belang komen meer risico's samen.}
  - {id: CMB-02, title: Terrein, about: policy_field, count: 2, severity: 2, becomes: 3, flag: Op één terrein komen meer risico's samen.}
""",
}

RULES = """\
rules:
  - id: OFF-01
    title: Niet in het gebied
    subject: office
    severity: 4
    frame: in_force
    kind: hard_norm
    tiers: [municipality]
    basis: [{source: GW, article: "10", lid: 1, onderdeel: a, sub: 2}]
    when: {all: [{answer: resident, is: no}, {not: {answer: matters, includes: loan}}]}
    flag: "U woont niet in het gebied {of_authority}."
    ask: Waar woont u?
    council: Een {office} woont in het gebied.
    examples:
      - {why: geen lening, answers: {resident: no, matters: [none]}, expect: certain, severity: 4}
      - {why: lening, answers: {resident: no, matters: [loan]}, expect: none}
      - {why: ingezetene, answers: {resident: yes, matters: [none]}, expect: none}
      - {why: leeg, answers: {}, expect: possible}
  - id: COM-01
    title: Onderneming op het eigen terrein
    subject: companies
    severity: 2
    frame: practice
    kind: attention
    tiers: [municipality, water_board]
    basis: [{source: practice, ref: R09}]
    for_each: companies
    when: {answer: companies.policy_field, shares_with: context.portfolio}
    adjust:
      - {when: {answer: companies.share_pct, at_least: 50}, by: 1, because: U heeft de zeggenschap.}
      - {when: {answer: companies.distance, is: yes}, by: -1, because: De onderneming staat op afstand.}
    flag: "{companies.name} werkt op uw terrein."
    ask: "Werkt {companies.name} op uw terrein?"
    council: De onderneming raakt het ambt.
    measures: [divest]
    examples:
      - {why: zelfde terrein, context: {portfolio: [housing]}, answers: {companies: [{policy_field: housing, share_pct: 50, distance: no}]}, expect: certain, severity: 3}
      - {why: klein deel, context: {portfolio: [housing]}, answers: {companies: [{policy_field: housing, share_pct: 49, distance: no}]}, expect: certain, severity: 2}
      - {why: op afstand, context: {portfolio: [housing]}, answers: {companies: [{policy_field: housing, share_pct: 49, distance: yes}]}, expect: certain, severity: 1}
      - {why: ander terrein, context: {portfolio: [housing]}, answers: {companies: [{policy_field: none}]}, expect: none}
      - {why: nog geen portefeuille, answers: {companies: [{policy_field: housing}]}, expect: possible}
  - id: COM-02
    title: Groot belang
    subject: companies
    severity: 2
    frame: in_force
    kind: open_norm
    tiers: [municipality]
    basis: [{source: GW, article: "28", status: interpretation, note: Ruim gelezen.}]
    for_each: companies
    when: {answer: companies.share_pct, at_least: 5}
    flag: "{companies.name} raakt uw ambt."
    ask: "Welk deel van {companies.name} is van u?"
    council: Een beoordelaar weegt het belang.
    question_for_reviewer: "Raakt {companies.name} het ambt van {office}?"
    considerations: [Hoe groot is het belang?, Loopt er een besluit?, Is het al opgelost?]
    examples:
      - {why: beoordeeld, answers: {companies: [{id: co1, share_pct: 5}]}, judgements: [{item: co1, outcome: applies}], item: co1, expect: certain}
      - {why: niet beoordeeld, answers: {companies: [{share_pct: 5}]}, expect: possible}
      - {why: afgewezen, answers: {companies: [{id: co1, share_pct: 5}]}, judgements: [{item: co1, outcome: does_not_apply}], item: co1, expect: none}
      - {why: klein, answers: {companies: [{id: co1, share_pct: 4}]}, judgements: [{item: co1, outcome: applies}], item: co1, expect: none}
  - id: COM-03
    title: Voorgestelde norm
    subject: companies
    severity: 1
    frame: bill_36892
    kind: attention
    tiers: [municipality]
    valid_from: 2026-01-01
    valid_to: 2027-12-31
    basis: [{source: bill_36892}]
    when: {exists: {in: companies, where: {answer: companies.value, at_least: 25000}}}
    flag: Een belang is groot.
    ask: Hoe groot zijn uw belangen?
    council: Het voorstel is nog geen wet.
    examples:
      - {why: groot, answers: {companies: [{share_pct: 9, distance: no, value: "25000_100000"}]}, expect: certain}
      - {why: kleiner, answers: {companies: [{share_pct: 9, distance: no, value: "5000_25000"}]}, expect: none}
      - {why: twee, answers: {companies: [{share_pct: 9, distance: no, value: gt_100000}, {share_pct: 1}]}, expect: certain}
      - {why: geen, answers: {companies: no}, expect: none}
      - {why: leeg, answers: {}, expect: possible}
"""


def write(folder: Path, rules: str = RULES, **others: str) -> Path:
    """Write a library; keyword ``sources=…`` replaces that register."""
    for name, text in REGISTERS.items():
        (folder / name).write_text(others.get(name.removesuffix(".yaml"), text), encoding="utf-8")
    (folder / "companies.yaml").write_text(rules, encoding="utf-8")
    return folder


def a_rulebook(folder: Path, questionnaire: Questionnaire, rules: str = RULES, **others: str) -> RuleBook:
    return load_rulebook(questionnaire, write(folder, rules, **others))


def some_facts(questionnaire: Questionnaire, answers: str, **context: Any) -> Facts:
    """Facts of a case from answers in the file format."""
    written: Mapping[str, Any] = parse_text(answers, Source("answers"))
    return facts_of(questionnaire, read_answers(questionnaire, written), a_context(**context))
