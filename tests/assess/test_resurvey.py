"""Looking again after one answer gives what looking at everything gives."""

from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.answers import Answer, AnswerState
from app.questionnaires.relevance import resurvey, survey
from tests.assess.candidates import questionnaire, rulebook
from tests.assess.strategies import dossiers


@given(st.data())
def test_looking_again_is_looking_at_everything(data: st.DataObject) -> None:
    dossier = data.draw(dossiers(questionnaire(), rulebook()))
    before = survey(questionnaire(), dossier.answers, dossier.context)
    path = data.draw(st.sampled_from(before.asked))
    changed = data.draw(st.sampled_from(["cleared", "not known", "another"]))
    if changed == "cleared":
        answers = dossier.answers.clear(path)
    elif changed == "not known":
        answers = dossier.answers.put(path, Answer(AnswerState.DOES_NOT_KNOW))
    else:
        other = data.draw(dossiers(questionnaire(), rulebook())).answers.get(path)
        answers = dossier.answers if other is None else dossier.answers.put(path, other)
    assert resurvey(before, questionnaire(), answers, dossier.context, path) == survey(
        questionnaire(), answers, dossier.context
    )


def test_most_answers_decide_nothing_about_other_questions() -> None:
    free = set(questionnaire().questions) - questionnaire().gating
    assert "is_adult" in free, "otherwise the test above would never take the short way"
    assert "is_resident" in questionnaire().gating
    assert questionnaire().groups.keys() <= questionnaire().gating
