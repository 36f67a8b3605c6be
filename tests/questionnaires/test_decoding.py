from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conditions.dates import PartialDate
from app.conditions.facts import Party
from app.questionnaires import limits
from app.questionnaires.answers import Answer, AnswerPath, Answers, AnswerState, answered
from app.questionnaires.context import Tier
from app.questionnaires.decoding import DOES_NOT_KNOW, ORAL, Misfit, decode
from app.questionnaires.kinds import Group
from app.questionnaires.model import Questionnaire
from app.questionnaires.reading import KINDS
from app.questionnaires.showing import as_typed, item_title, show
from tests.questionnaires.strategies import values

HERE = Tier.MUNICIPALITY


def read(questionnaire: Questionnaire, question_id: str, *raw: str, tier: Tier = HERE) -> object:
    found = decode(questionnaire.question(question_id), raw, tier)
    if isinstance(found, Answer):
        assert found.state is AnswerState.ANSWERED
        return found.value
    return found.message if isinstance(found, Misfit) else found


@pytest.mark.parametrize(
    ("question", "raw", "value"),
    [
        ("resident", ["yes"], "yes"),
        ("exemption", ["granted"], "granted"),
        ("matters", ["loan", "arrears"], ("arrears", "loan")),
        ("matters", ["none"], ("none",)),
        ("hours", ["1.250"], 1250),
        ("hours", [" 1 250 "], 1250),
        ("hours", ["40,00"], 40),
        ("hours", ["8 uur"], 8),
        ("hours", ["8 uur per maand"], 8),
        ("companies.share_pct", ["33,5 %"], Decimal("33.50")),
        ("companies.share_pct", ["33.5"], Decimal("33.50")),
        ("companies.share_pct", ["100"], Decimal("100.00")),
        ("companies.share_pct", ["5 procent"], Decimal("5.00")),
        ("moves_on", ["12-3-2026"], PartialDate(2026, 3, 12)),
        ("moves_on", ["12 maart 2026"], PartialDate(2026, 3, 12)),
        ("moves_on", ["12 mrt. 2026"], PartialDate(2026, 3, 12)),
        ("moves_on", ["12/03/2026"], PartialDate(2026, 3, 12)),
        ("moves_on", ["2026-03-12"], PartialDate(2026, 3, 12)),
        ("moves_on", ["12", "3", "2026"], PartialDate(2026, 3, 12)),
        ("moves_on", ["Maart 2024"], PartialDate(2024, 3)),
        ("moves_on", ["3-2024"], PartialDate(2024, 3)),
        ("moves_on", ["2024-03"], PartialDate(2024, 3)),
        ("moves_on", ["2019"], PartialDate(2019)),
        ("motto", ["  Eerlijk   duurt\tlangst\n"], "Eerlijk duurt langst"),
        ("motto", ["cafe\u0301"], "café"),
        ("motto", ["blij \ud83d\ude00 \ud83d mee"], "blij 😀 mee"),
        ("motto", ["a\u0000b\u202ec\ufeff"], "abc"),
        ("remark", ["een\r\ntwee\n\n\n\ndrie"], "een\ntwee\n\ndrie"),
        ("companies", ["complete"], "complete"),
        ("companies.value", ["1000_5000"], "1000_5000"),
        ("companies.partner", ["partner", "eigenaar van een winkel"], Party("partner", "eigenaar van een winkel")),
        ("companies.partner", ["partner"], Party("partner")),
    ],
)
def test_people_type_as_they_like(small: Questionnaire, question: str, raw: list[str], value: object):
    assert read(small, question, *raw) == value


@pytest.mark.parametrize(
    ("question", "raw", "said"),
    [
        ("resident", ["maybe"], "‘Woont u in het gebied van de gemeente’: kies ja of nee."),
        ("resident", ["yes", "no"], "kies ja of nee."),
        ("exemption", ["forged"], "kies één van de antwoorden die u ziet."),
        ("matters", ["loan", "forged"], "kies uit de antwoorden die u ziet."),
        ("matters", ["loan", "none"], "u koos ‘geen’ en ook iets anders."),
        ("hours", ["veel"], "vul een heel getal in van 0 tot en met 2.000."),
        ("hours", ["2001"], "vul een heel getal in van 0 tot en met 2.000."),
        ("hours", ["1.25"], "vul een heel getal in"),
        ("hours", ["9" * 101], "vul een heel getal in"),
        ("companies.share_pct", ["veel"], "vul een percentage in"),
        ("companies.share_pct", ["5", "6"], "vul een percentage in"),
        ("hours", ["9" * 99], "vul een heel getal in"),
        ("hours", ["٤٠"], "vul een heel getal in"),
        ("companies.share_pct", ["101"], "vul een percentage in van 0 tot en met 100, bijvoorbeeld 33,5."),
        ("companies.share_pct", ["33,333"], "vul ten hoogste twee cijfers achter de komma in."),
        ("moves_on", ["morgen"], "vul een datum in, bijvoorbeeld 12-3-2026."),
        ("moves_on", ["12-3-26"], "vul een datum in, bijvoorbeeld 12-3-2026."),
        ("moves_on", ["30 februari 2026"], "deze datum bestaat niet. Kijk de datum na."),
        ("moves_on", ["12-3-1066"], "het jaar 1066 kan niet kloppen. Kijk de datum na."),
        ("vog_on", ["maart 2026"], "vul een dag, maand en jaar in, bijvoorbeeld 12-3-2026."),
        ("motto", ["a" * 501], "uw antwoord is te lang. Maak de tekst korter dan 500 tekens."),
        ("remark", ["a" * 5_001], "Maak de tekst korter dan 5.000 tekens."),
        ("motto", ["\u0007\u202e"], "vul een antwoord in dat wij kunnen lezen."),
        ("companies", ["many"], "kies ja of nee."),
        ("companies.partner", ["neighbour", "x"], "kies wat uw relatie met deze persoon is."),
        ("companies.partner", ["", "een belang"], "kies wat uw relatie met deze persoon is."),
        ("companies.partner", ["partner", "a" * 1_001], "uw beschrijving van het belang is te lang."),
        ("companies.partner", ["partner", "a", "b"], "kies wat uw relatie"),
        ("resident", ["yes", DOES_NOT_KNOW], "Niet allebei."),
        ("hours", [DOES_NOT_KNOW, ORAL], "Niet allebei."),
        ("resident", [ORAL], "deze vraag kunt u niet mondeling bespreken."),
    ],
)
def test_a_message_names_the_question_and_says_what_to_do(
    small: Questionnaire, question: str, raw: list[str], said: str
):
    message = read(small, question, *raw)
    assert isinstance(message, str)
    assert said in message
    assert message.startswith("‘")


@pytest.mark.parametrize("raw", [[], [""], ["  ", "\n"]])
def test_nothing_filled_in_is_unanswered(small: Questionnaire, raw: list[str]):
    assert {read(small, name, *raw) for name in small.questions} == {None}


def test_an_option_of_another_tier_was_not_offered(small: Questionnaire):
    assert read(small, "companies.policy_field", "water_levels", tier=Tier.WATER_BOARD) == "water_levels"
    assert "kies één" in str(read(small, "companies.policy_field", "water_levels"))


def test_not_knowing_and_talking_are_answers_with_room_for_a_remark(small: Questionnaire):
    question = small.question("hours")
    assert decode(question, [DOES_NOT_KNOW], HERE, "nog niet bekend") == Answer(
        AnswerState.DOES_NOT_KNOW, None, "nog niet bekend"
    )
    assert decode(question, ["", ORAL], HERE) == Answer(AnswerState.ORAL)
    assert isinstance(decode(question, ["40"], HERE, "x" * 5_000), Misfit)
    assert isinstance(decode(question, ["40"], HERE, "x" * 1_001), Misfit)


def test_five_megabytes_are_met_with_a_message(small: Questionnaire):
    huge = "é" * 5_000_000
    for question in small.questions.values():
        if question.kind in {"text", "long_text", "party"}:
            raw = ["partner", huge] if question.kind == "party" else [huge]
            assert "te lang" in str(read(small, question.id, *raw))
        else:
            assert isinstance(decode(question, [huge], HERE), Misfit)


@given(data=st.data())
def test_nothing_a_browser_sends_breaks_the_reading(small: Questionnaire, data: st.DataObject):
    question = data.draw(st.sampled_from(list(small.questions.values())))
    odd = st.text(max_size=200) | st.sampled_from([DOES_NOT_KNOW, ORAL, "yes", "none", "partner", "12-3-2026", "99,9"])
    raw = data.draw(st.lists(odd, max_size=4))
    found = decode(question, raw, data.draw(st.sampled_from(Tier)), data.draw(odd))
    if isinstance(found, Answer):
        assert Answer.from_jsonable(found.to_jsonable()) == found
        # what was accepted can be put back into the form and is then read the same
        assert decode(question, as_typed(found), Tier.WATER_BOARD, found.note) == found
        show(question, found, HERE).encode()


@given(data=st.data())
def test_what_stands_in_a_form_is_read_as_the_same_answer(small: Questionnaire, data: st.DataObject):
    question = data.draw(st.sampled_from(list(small.questions.values())))
    value = data.draw(values(question))
    if isinstance(value, PartialDate) and not 1900 <= value.year <= 2100:
        return
    assert decode(question, as_typed(answered(value)), Tier.WATER_BOARD) == answered(value)


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str):
    once = limits.clean(text)
    assert limits.clean(once) == once
    assert once.encode().decode() == once


@pytest.mark.parametrize(
    ("question", "value", "shown"),
    [
        ("resident", "yes", "ja"),
        ("exemption", "granted", "Ja, gekregen"),
        ("matters", ("arrears", "loan"), "Achterstand; Lening"),
        ("hours", 1250, "1.250 uur per maand"),
        ("companies.share_pct", Decimal("33.50"), "33,5%"),
        ("companies.share_pct", Decimal("100.00"), "100%"),
        ("moves_on", PartialDate(2026, 3, 12), "12 maart 2026"),
        ("moves_on", PartialDate(2024, 3), "maart 2024"),
        ("companies", "complete", "ja"),
        ("companies", "yes", "ja, de lijst is nog niet af"),
        ("companies.policy_field", "none", "Geen onderwerp van de gemeente"),
        ("companies.policy_field", "gone", "gone"),
        ("companies.value", "lt_1000", "Minder dan € 1.000"),
        ("companies.partner", Party("partner", "eigenaar"), "Partner: eigenaar"),
        ("companies.partner", Party("child"), "Kind"),
    ],
)
def test_answers_are_shown_in_dutch(small: Questionnaire, question: str, value: object, shown: str):
    answer = answered(value)  # type: ignore[arg-type] # one test for all kinds of value
    assert show(small.question(question), answer, HERE) == shown


def test_what_is_not_an_answer_is_shown_in_words(small: Questionnaire):
    question = small.question("hours")
    assert show(question, None, HERE) == "geen antwoord gegeven"
    assert show(question, Answer(AnswerState.DOES_NOT_KNOW), HERE) == "weet ik niet"
    assert show(question, Answer(AnswerState.ORAL), HERE) == "bespreekt dit liever mondeling"
    assert as_typed(None) == ()
    assert as_typed(answered(("arrears", "loan"))) == ("arrears", "loan")
    assert as_typed(answered(PartialDate(2026, 3))) == ("3-2026",)


def test_an_item_is_named_by_what_is_filled_in(small: Questionnaire):
    group = small.question("companies")
    assert isinstance(group, Group)
    answers = Answers().add_item("companies", "a").add_item("companies", "b")
    answers = answers.put(AnswerPath("companies.name", "a"), answered("De {name} BV"))
    assert item_title(group, "a", answers, HERE) == "Onderneming: De {name} BV"
    long = answers.put(AnswerPath("companies.name", "b"), answered("Noord " * 80))
    assert item_title(group, "b", long, HERE) == "Onderneming: " + ("Noord " * 13).rstrip() + " N…"
    assert item_title(group, "b", answers, HERE) == "Onderneming 2"
    assert item_title(group, "c", answers, HERE) == "Onderneming 3"


def test_every_kind_of_question_is_in_the_tests(small: Questionnaire):
    assert {question.kind for question in small.questions.values()} == set(KINDS)
