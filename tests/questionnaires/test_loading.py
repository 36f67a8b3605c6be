import re
from pathlib import Path

import pytest

from app.errors import Broken, NotFound
from app.questionnaires.loading import library, load_questionnaire, newest, read_questionnaire
from app.questionnaires.model import Questionnaire, Respondent
from app.questionnaires.reachability import unused_questions
from app.questionnaires.vocabulary import vocabulary_of
from tests.questionnaires.small import SMALL, load_text

RESIDENT = '{id: resident, kind: yes_no, label: "Woont u in het gebied {of_authority}?", why: Een eis van de wet., '


def problems(folder: Path, old: str, new: str, *, times: int = 1) -> list[str]:
    assert old in SMALL
    with pytest.raises(Broken) as broken:
        load_text(folder, SMALL.replace(old, new, times))
    return [str(problem) for problem in broken.value.problems]


def test_a_question_takes_over_what_its_section_and_questionnaire_say(small: Questionnaire):
    name = small.question("companies.name")
    assert name.openness_ground == "art. 5.1, tweede lid, onder e, Woo"
    assert name.basis == small.question("companies").basis
    assert (name.group, name.field) == ("companies", "name")
    assert name.oral
    assert not small.question("resident").oral


def test_what_reviewers_record_is_not_for_talking_about(small: Questionnaire):
    assert small.section("checks").respondent is Respondent.REVIEWER
    assert not small.question("checked").oral


def test_questions_and_sections_are_found_by_id(small: Questionnaire):
    assert small.section_of["companies.name"].id == "interests"
    assert list(small.questions)[9:11] == ["companies", "companies.name"]
    with pytest.raises(NotFound):
        small.question("companie")
    with pytest.raises(NotFound):
        small.section("nowhere")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("why: Een eis van de wet., ", "", "resident: `why` is missing → say in plain Dutch what the answer is for"),
        ("  retention: answers\n", "", "resident: `retention` is missing → write it here, or under `defaults`"),
        ('basis: [{source: GW, article: "10"}]', "basis: []", "resident: `basis`: Tuple should have at least 1 item"),
        ('{source: GW, article: "10"}', "{source: GW}", "a basis in law names its `article`"),
        ('{source: GW, article: "10"}', '{article: "10"}', "a basis names either a law"),
        ("kind: yes_no", "kind: yesno", "unknown kind of 'resident': 'yesno' → did you mean 'yes_no'?"),
        ("kind: yes_no, ", "", "unknown kind of 'resident': 'None'"),
        ("scope: P", "scope: X", "hours: `scope`: Input should be 'W', 'P' or 'G'"),
        ("source: [candidate]", "source: [neighbours]", "defaults: `source.0`: Input should be 'candidate'"),
        ("openness: confidential", "openness: secret", "defaults: `openness`: Input should be 'confidential'"),
        ("unit: uur", "units: uur", "unknown part of hours: 'units' → did you mean 'unit'?"),
        ("exemption, is: asked", "exemptoin, is: asked", "unknown question 'exemptoin' → did you mean 'exemption'?"),
        (
            "exemption, is: asked",
            "exemption, is: askd",
            "unknown option of 'exemption': 'askd' → did you mean 'asked'?",
        ),
        ("exemption, is: asked", "exemption, at_least: 5", "'at_least' does not work on 'exemption'"),
        ("{answer: resident, is: no}, options", "{answer: resident, iss: no}, options", "unknown operator 'iss'"),
        ("terms: [ingezetene]", "terms: [inwoner]", "unknown term of resident: 'inwoner'"),
        ("policy_fields:\n", "policy_fields: none\n  others:\n", "the list of options 'policy_fields' is not a list"),
        ("sections:\n  - id: office", "sections: none\nothers:\n  - id: office", "there are no `sections`"),
        (
            "relevant_when: {answer: resident, is: no}, options",
            "relevant_when: [resident], options",
            "a condition is a",
        ),
        ("options: policy_fields", "options: policy", "unknown list of options 'policy'"),
        ("{id: loan, label: Lening}", "{id: arrears, label: Lening}", "option 'arrears' occurs twice"),
        ("id: exemption, ", "id: resident, ", "there is a question 'resident' already"),
        ("id: share_pct, ", "id: name, ", "there is a question 'companies.name' already"),
        ("id: name, kind: text", "id: id, kind: text", "nothing can be called 'id' here"),
        ("id: motto, ", "id: context, ", "nothing can be called 'context' here"),
        ("{name}", "{naam}", "names no field 'naam' → did you mean 'name'?"),
        ("{name}", "{name", "the braces in 'Onderneming: {name' do not match"),
        ('        item_title: "Onderneming: {name}"\n', "", "companies: `item_title` is missing"),
        ("item_noun: onderneming", "", "companies: `item_noun` is missing"),
        ("id: motto, ", "id: Motto, ", "Motto: `id`"),
        ("version: 1", "version: 0", "questionnaire: `version`"),
        ("version: 1", "version: 1\nlanguages: nl", "unknown part of a questionnaire: 'languages'"),
        (
            "{of_authority}?",
            "{of_authorty}?",
            "nobody fills in {of_authorty} in resident → did you mean 'of_authority'?",
        ),
        ("Geen onderwerp van {authority}", "Geen onderwerp van {gemeente}", "{gemeente} in companies.policy_field"),
        ("title: Controle", 'title: "Controle door {OFFICE}"', "nobody fills in {OFFICE} in a title"),
        ("Iemand die er woont.", "'Iemand in {place}'", "nobody fills in {place} in a title, an introduction"),
        ("id: checks\n", "id: office\n", "there are two sections 'office'"),
        ("title: Controle", "titel: Controle", "unknown part of checks: 'titel'"),
        ("title: Druk van anderen", "", "interests: `title`"),
        ("meaning: Iemand die er woont.", "", "glossary: `meaning`"),
        (RESIDENT, RESIDENT + "relevant_when: {answer: moves_on, is_given: true}, ", "wait for each other"),
        (
            "relevant_when: {answer: companies.share_pct, at_least: 5}",
            "relevant_when: {answer: companies.value, is_any_of: [none]}",
            "companies.distance → companies.value → companies.distance",
        ),
        (
            "relevant_when: {answer: resident, is: no}, options",
            "relevant_when: {all: [{answer: resident, is: no}, {answer: resident, is: yes}]}, options",
            "exemption can never be asked",
        ),
        (
            "relevant_when: {count: {in: companies, at_least: 2}}",
            "relevant_when: {answer: dike, is: yes}, tiers: [municipality]",
            "several can never be asked",
        ),
        (
            "relevant_when: {count: {in: companies, at_least: 2}}",
            "relevant_when: {answer: hours, at_least: 5}",
            "several can never be asked: the law asks it (scope W), but it waits for a question of good practice",
        ),
        (
            "        label: Heeft u een onderneming?\n",
            "        label: Heeft u een onderneming?\n        scope: P\n        tiers: [province]\n        relevant_when: {answer: dike, is: yes}\n",
            "companies can never be asked",
        ),
        (
            "relevant_when: {count: {in: companies, at_least: 2}}",
            "relevant_when: {all: [{answer: matters, includes: loan}, {answer: matters, includes: none}]}",
            "several can never be asked: its condition contradicts itself",
        ),
        (
            "relevant_when: {count: {in: companies, at_least: 2}}",
            "relevant_when: {answer: companies.share_pct, at_least: 2}",
            "'companies.share_pct' belongs to an item of 'companies'",
        ),
        (
            "questions:\n          - {id: name",
            "questions:\n          - name\n          - {id: name",
            "is a mapping, not",
        ),
        ("glossary:\n  - {id", "glossary:\n  - {idd", "unknown part of glossary: 'idd'"),
        ("policy_fields:\n    - {id: housing", "policy_fields:\n    - {idd: housing", "'idd'"),
    ],
)
def test_a_mistake_of_an_author_is_named_with_its_place(tmp_path: Path, old: str, new: str, said: str):
    found = problems(tmp_path, old, new)
    assert any(said in problem for problem in found), found
    assert all("small.yaml:" in problem for problem in found)


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path):
    text = (
        SMALL.replace("kind: number", "kind: numbr")
        .replace("scope: P, ", "")
        .replace("is: no}, options", "is: nee}, options")
    )
    with pytest.raises(Broken) as broken:
        load_text(tmp_path, text.replace("{name}", "{naam}"))
    lines = [problem.line for problem in broken.value.problems]
    wanted = [number for number, line in enumerate(text.splitlines(), 1) if "numbr" in line or "{name}" in line]
    assert set(wanted) <= set(lines)


def test_one_bad_question_hides_no_mistake_in_the_condition_of_another(tmp_path: Path):
    text = SMALL.replace("kind: number", "kind: numbr").replace("exemption, is: asked", "exemptoin, is: asked")
    with pytest.raises(Broken) as broken:
        load_text(tmp_path, text)
    found = "; ".join(map(str, broken.value.problems))
    assert "unknown kind of 'hours': 'numbr'" in found
    assert "unknown question 'exemptoin' → did you mean 'exemption'?" in found


def test_a_condition_about_a_question_that_could_not_be_read_is_not_called_wrong(tmp_path: Path):
    found = problems(tmp_path, "id: exemption, kind: choice", "id: exemption, kind: choise")
    assert [problem.split(": ", 1)[1] for problem in found] == [
        "unknown kind of 'exemption': 'choise' → did you mean 'choice'?"
    ]


def test_a_condition_with_more_answers_than_can_be_counted_out_is_believed(tmp_path: Path):
    many = ", ".join(f"{{id: m{number}, label: Zaak {number}}}" for number in range(12))
    text = SMALL.replace("{id: arrears, label: Achterstand}", many + ", {id: arrears, label: Achterstand}")
    same = "{all: [{answer: matters, includes: loan}, {not: {answer: matters, includes: loan}}]}"
    loaded = load_text(tmp_path, text.replace("{count: {in: companies, at_least: 2}}", same))
    assert loaded.question("several").relevant_when is not None
    # two questions with few enough options, together too many to count out, and a list
    options = ", ".join(f"{{id: m{number}, label: Zaak {number}}}" for number in range(6))
    text = SMALL.replace("{id: arrears, label: Achterstand}", options + ", {id: arrears, label: Achterstand}")
    line = next(line for line in text.splitlines() if "id: matters" in line)
    text = text.replace(line, f"{line}\n{line.replace('id: matters', 'id: others')}")
    parts = "{answer: matters, includes: loan}, {answer: others, includes: loan}, {answer: companies, is: yes}"
    assert load_text(tmp_path, text.replace("{count: {in: companies, at_least: 2}}", f"{{all: [{parts}]}}")).questions


def test_a_question_for_those_who_have_none_can_be_asked(tmp_path: Path):
    text = SMALL.replace("{count: {in: companies, at_least: 2}}", "{answer: companies, is: no}")
    assert "several" in load_text(tmp_path, text).questions


def test_a_group_in_a_group_is_refused(tmp_path: Path):
    inner = "- {id: name, kind: group, item_title: x, item_noun: x, questions: [], "
    assert any(
        "a group inside a group" in problem for problem in problems(tmp_path, "- {id: name, kind: text, ", inner)
    )


@pytest.mark.parametrize("text", ["- just\n- a list\n", "", "id: x\nid: y\n", "id: [\n"])
def test_a_file_that_is_no_questionnaire_is_a_problem_too(tmp_path: Path, text: str):
    with pytest.raises(Broken):
        load_text(tmp_path, text)


def test_a_folder_is_read_section_by_section(tmp_path: Path, small: Questionnaire):
    head, rest = SMALL.split("sections:\n")
    body, glossary = rest.split("glossary:\n")
    office, interests, checks = re.split(r"^  - id: ", body, flags=re.MULTILINE)[1:]
    (tmp_path / "index.yaml").write_text(head + "sections: [office, interests, checks]\n")
    for name, text in (("office", office), ("interests", interests), ("checks", checks)):
        section = "\n".join(line.removeprefix("    ") for line in f"    id: {text}".splitlines())
        (tmp_path / f"{name}.yaml").write_text(section + "\n")
    terms = "\n".join("  " + line for line in glossary.splitlines())
    (tmp_path / "glossary.yaml").write_text(f"terms:\n{terms}\n")
    read = read_questionnaire(tmp_path)
    assert read.questionnaire.digest == small.digest
    assert read.positions["companies"].file.endswith("/interests.yaml")
    (tmp_path / "checks.yaml").unlink()
    (tmp_path / "office.yaml").write_text("- a list\n")
    (tmp_path / "interests.yaml").write_text("id: [\n")
    with pytest.raises(Broken) as broken:
        load_questionnaire(tmp_path)
    said = str(broken.value)
    assert "there is no file checks.yaml" in said
    assert "a section is a mapping" in said
    assert "interests.yaml:2: not YAML" in said


def test_a_question_nobody_uses_is_found(small: Questionnaire):
    read = frozenset({"companies.policy_field", "vog_on", "hours", "matters", "dike"})
    chain = ("companies.share_pct", "companies.distance", "companies.value")
    assert unused_questions(small, read) == (*chain, "companies.partner", "several")
    # whoever uses the end of a chain uses all that leads to it
    assert unused_questions(small, read | {"companies.value"}) == ("companies.partner", "several")
    assert "vog_on" in unused_questions(small, frozenset())
    assert "resident" not in unused_questions(small, frozenset())


def test_conditions_may_name_questions_and_facts_of_the_case(small: Questionnaire):
    vocabulary = vocabulary_of(small)
    assert set(vocabulary.questions) == set(small.questions)
    share, tier = vocabulary.find("companies.share_pct"), vocabulary.find("context.portfolio")
    assert share is not None
    assert share.group == "companies"
    assert tier is not None
    assert tier.options == ("housing", "water_levels", "none")
    assert vocabulary.depends_on["companies.distance"] == {"companies.share_pct", "companies"}
    assert vocabulary.depends_on["dike"] == {"context.tier"}
    assert vocabulary.depends_on["hours"] == {"context.scope", "context.legal_frame"}


def test_the_library_loads_and_knows_the_newest_version():
    assert newest("kandidaat-bestuurder").id == "kandidaat-bestuurder"
    assert newest("kandidaat-bestuurder") is library()["kandidaat-bestuurder", newest("kandidaat-bestuurder").version]
