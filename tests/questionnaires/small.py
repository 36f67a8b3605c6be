"""A small questionnaire with every kind of question, for tests."""

from datetime import date
from pathlib import Path
from typing import Any

from app.questionnaires.context import CaseContext, Office, Tier
from app.questionnaires.loading import load_questionnaire
from app.questionnaires.model import Questionnaire

SMALL = """\
id: small
version: 1
title: Een kleine vragenlijst
defaults:
  scope: W
  source: [candidate]
  readers: [principal, analyst]
  retention: answers
  openness: confidential
  openness_ground: art. 5.1, tweede lid, onder e, Woo
option_lists:
  policy_fields:
    - {id: housing, label: Wonen}
    - {id: water_levels, label: Waterpeil, tiers: [water_board]}
    - {id: none, label: "Geen onderwerp van {authority}"}
sections:
  - id: office
    theme: C1
    title: Ambt
    questions:
      - {id: resident, kind: yes_no, label: "Woont u in het gebied {of_authority}?", why: Een eis van de wet., basis: [{source: GW, article: "10"}], terms: [ingezetene], oral: false}
      - {id: exemption, kind: choice, label: Heeft u ontheffing?, why: Dan mag het toch., basis: [{practice: C1.2}], relevant_when: {answer: resident, is: no}, options: [{id: granted, label: "Ja, gekregen"}, {id: asked, label: "Nee, gevraagd"}]}
      - {id: moves_on, kind: date, label: Wanneer verhuist u?, why: Voor de duur., basis: [{practice: C1.2}], relevant_when: {answer: exemption, is: asked}, used_by: [dossier]}
      - {id: vog_on, kind: date, precision: day, label: Van welke datum is uw VOG?, why: Niet te oud., basis: [{practice: C10.1}]}
      - {id: hours, kind: number, label: Hoeveel uur werkt u?, why: Voor het beeld., basis: [{practice: C2.1}], scope: P, maximum: 2000, unit: uur per maand}
      - {id: matters, kind: choices, label: Wat speelt er?, why: Voor het gesprek., basis: [{practice: C6.1}], options: [{id: arrears, label: Achterstand}, {id: loan, label: Lening}, {id: none, label: Geen van deze}]}
      - {id: remark, kind: long_text, label: Wilt u iets toelichten?, why: Voor het beeld., basis: [{practice: C16.3}], used_by: [hearing]}
      - {id: motto, kind: text, label: Wat is uw motto?, why: Voor het beeld., basis: [{practice: C16.3}], used_by: [hearing]}
      - {id: dike, kind: yes_no, label: Woont u achter een dijk?, why: Voor het beeld., basis: [{practice: C5.1}], tiers: [water_board]}
  - id: interests
    theme: C4
    title: Belangen
    talking_points: [{id: tp_pressure, theme: C15.1, title: Druk van anderen}]
    questions:
      - id: companies
        kind: group
        label: Heeft u een onderneming?
        why: Het belang telt mee.
        basis: [{source: GW, article: "41b", lid: 1}]
        item_title: "Onderneming: {name}"
        item_noun: onderneming
        questions:
          - {id: name, kind: text, label: Hoe heet zij?, why: Om haar te noemen., used_by: [dossier]}
          - {id: policy_field, kind: choice, label: Op welk terrein?, why: Voor uw portefeuille., options: policy_fields}
          - {id: share_pct, kind: percentage, label: Welk deel is van u?, why: Voor de zeggenschap.}
          - {id: distance, kind: yes_no, label: Staat zij op afstand?, why: Dat maakt verschil., relevant_when: {answer: companies.share_pct, at_least: 5}}
          - {id: value, kind: money_band, label: Wat is zij waard?, why: Voor het gewicht., relevant_when: {answer: companies.distance, is: no}}
          - {id: partner, kind: party, label: Met wie?, why: De relatie telt., relevant_when: {answer: resident, is: no}}
      - {id: several, kind: yes_no, label: Werken zij samen?, why: Voor het beeld., basis: [{practice: C4.1}], relevant_when: {count: {in: companies, at_least: 2}}}
  - id: checks
    theme: C17
    title: Controle
    respondent: reviewer
    questions:
      - {id: checked, kind: yes_no, label: Is het register bekeken?, why: Voor de zorgvuldigheid., basis: [{practice: C17.1}], used_by: [verification]}
glossary:
  - {id: ingezetene, term: ingezetene, meaning: Iemand die er woont.}
"""


def load_text(folder: Path, text: str = SMALL) -> Questionnaire:
    """Load a questionnaire from text, the way a file is loaded."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load_questionnaire(path)


def a_context(**changes: Any) -> CaseContext:
    """A case of an invented municipality."""
    given: dict[str, Any] = {"tier": Tier.MUNICIPALITY, "office": Office.WETHOUDER, "as_of": date(2026, 11, 23)}
    return CaseContext(**(given | changes))
