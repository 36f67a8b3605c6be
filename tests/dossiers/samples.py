"""A small case with something confidential in every corner, for the document tests."""

from datetime import UTC, date, datetime
from decimal import Decimal

from app.conditions.dates import PartialDate
from app.dossiers.snapshot import Citation, Declaration, Digest, Organisation, RuleLine, Snapshot, SourceUsed, StepTaken
from app.questionnaires.answers import AnswerPath, Answers, answered
from app.questionnaires.context import CaseContext, Office, Tier
from app.questionnaires.loading import library
from app.reviews.decisions import (
    Conclusion,
    ConclusionKind,
    Decision,
    Finding,
    FlagState,
    Measure,
    Openness,
    Outcome,
    Reply,
)

AT = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)
SECRETS = (
    "Bureau Geheimnaam",
    "Oom Verborgen",
    "62,5",
    "€ 25.000",
    "GEHEIM-MOTIVERING",
    "GEHEIM-ADVIES",
    "GEHEIM-REACTIE",
    "GEHEIM-FEIT",
    "Geheime maatregel",
    "Schulden bij een lokale partij",
    "Wim Weg",
    "GEHEIM-RELATIE",
    "Familie of vriendschap",
)
"""Texts of this case that a council version may never hold, anywhere."""

LAW = Citation("art. 28, eerste lid, Gemeentewet", "https://wetten.overheid.nl/BWBR0005416/2026-10-01")


def put(answers: Answers, question: str, value: object, item: str | None = None) -> Answers:
    return answers.put(AnswerPath(question, item), answered(value))  # type: ignore[arg-type]


def an_answer_set() -> Answers:
    answers = Answers().add_item("side_positions", "sp1").add_item("companies", "co1").add_item("relatives", "re1")
    for question, value in (
        ("side_positions", "complete"),
        ("companies", "complete"),
        ("vog_status", "received"),
        ("vog_issued_on", PartialDate(2026, 11, 2)),
        ("money_matters", ("arrears",)),
        ("arrears_amount", "25000_100000"),
        ("own_points", "Oom Verborgen"),
    ):
        answers = put(answers, question, value)
    for question, value in (
        ("role", "voorzitter"),
        ("organisation", "Sportclub De Linde"),
        ("paid", "no"),
        ("compensation", "5000_25000"),
        ("plan", "give_up"),
        ("gives_up_on", PartialDate(2027, 1, 4)),
    ):
        answers = put(answers, f"side_positions.{question}", value, "sp1")
    for question, fact in (
        ("form", "operating_bv"),
        ("policy_field", "spatial"),
        ("role", "owner_director"),
        ("share_pct", Decimal("62.5")),
        ("distance", "none"),
    ):
        answers = put(answers, f"companies.{question}", fact, "co1")
    return answers


def a_line(rule: str, subject: str, outcome: Outcome | None, **extra: object) -> RuleLine:
    key = (rule, None)
    measure = extra.pop("measures", ())
    state = FlagState(
        key, str(extra.get("title", rule)), 3, certain=True, awaiting_judgement=False, evidence_digest="d",
        reply=Reply(key, "Sanne de Wit", AT, "GEHEIM-REACTIE"),
        finding=Finding(key, "p1", "Onderzoeker", AT, "GEHEIM-MOTIVERING", "GEHEIM-ADVIES", "d"),
        decision=None if outcome is None else Decision(
            key, "p2", "Burgemeester", AT, outcome, "GEHEIM-MOTIVERING", "d", str(extra.pop("council_text", ""))
        ),
        measures=measure,  # type: ignore[arg-type]
    )  # fmt: skip
    extra.pop("council_text", None)
    values: dict[str, object] = {
        "title": rule, "subject_title": subject, "kind": "hard_norm", "severity": 3, "result": "certain",
        "text": "Bureau Geheimnaam: GEHEIM-FEIT", "consequence": "U doet niet mee aan besluiten hierover.",
        "council": "Een besluit in de portefeuille kan het eigen bedrijf raken.",
        "advice": "GEHEIM-ADVIES", "citations": (LAW,), "quotes": (("Welk deel heeft u?", "62,5%"),),
    } | extra  # fmt: skip
    return RuleLine(rule=rule, item=None, subject=subject, state=state, **values)  # type: ignore[arg-type]


FREE = Declaration("Els Bakker", "burgemeester", date(2026, 11, 9), "Verklaarde geen relatie met de kandidaat te hebben",
                   free=True, closed=False)  # fmt: skip
ASIDE = Declaration("Wim Weg", "onderzoeker", date(2026, 11, 9), "Familie of vriendschap", free=False, closed=True,
                    explanation="GEHEIM-RELATIE", substitute="Olga Onderwater")  # fmt: skip


SELL = Measure("m1", "divest", "Belang verkopen", (("COM-01", None),), "kandidaat", "vóór de benoeming", date(2027, 1, 4),
               "akte van overdracht", Openness.PUBLIC, date(2027, 11, 1), before_appointment=True)  # fmt: skip
QUIET = Measure("m2", "debt_plan", "Geheime maatregel", (("MON-01", None),), "kandidaat", "GEHEIM-ADVIES", None, "",
                Openness.CONFIDENTIAL, None)  # fmt: skip


def a_snapshot(*, concluded: bool = True, response: str = "Ik verkoop mijn belang vóór de benoeming.") -> Snapshot:
    rules = (
        a_line("COM-01", "companies", Outcome.RISK_WITH_MEASURE, title="Onderneming in de eigen portefeuille",
               council_text="De kandidaat is eigenaar van een bureau dat plannen maakt.", measures=(SELL,)),
        a_line("MON-01", "money", Outcome.ATTENTION_POINT, title="Schulden bij een lokale partij", measures=(QUIET,)),
        a_line("REQ-01", "requirements", None, title="Leeftijd van 18 jaar", result="none"),
        a_line("INC-01", "incompatible", None, title="Minister", result="none"),
    )  # fmt: skip
    conclusion = Conclusion(
        ConclusionKind.MEASURE_BEFORE_APPOINTMENT, "Eerst verkopen.", "Ook na verkoop blijft er een band met oude klanten.",
        date(2027, 11, 1), "p2", "Els Bakker", AT,
    )  # fmt: skip
    return Snapshot(
        organisation=Organisation("Gemeente Voorbeeldstad", "De gemeenteraad", "raadsvergadering", "burgemeester",
                                  "Els Bakker", "griffier", "Tom Visser"),
        reference="ZK-2026-001", round_title="Collegevorming 2026", candidate="Sanne de Wit", office_title="wethouder",
        context=CaseContext(tier=Tier.MUNICIPALITY, office=Office.WETHOUDER, as_of=date(2026, 11, 23), full_time="yes",
                            portfolio=("spatial", "housing"), appointment_date=date(2027, 1, 12)),
        questionnaire=library()["kandidaat-bestuurder", 1], answers=an_answer_set(),
        portfolio=("ruimtelijke ordening", "wonen"), rules=rules, measures=(SELL, QUIET),
        steps=(StepTaken("Kandidaat uitgenodigd", date(2026, 11, 1)), StepTaken("Antwoorden ingediend", date(2026, 11, 10))),
        sources=(SourceUsed("handelsregister", date(2026, 11, 12)),),
        digests=(Digest("Antwoorden", "a" * 64), Digest("Regels", "b" * 64)),
        made_at=AT, response=response, conclusion=conclusion if concluded else None,
        declarations=(FREE, ASIDE),
    )  # fmt: skip
