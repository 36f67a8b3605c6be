from pathlib import Path

import pytest

from app.questionnaires.model import Questionnaire
from app.risk_rules.rulebook import RuleBook
from tests.questionnaires.small import load_text
from tests.rules.small import a_rulebook


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    folder: Path = tmp_path_factory.mktemp("small")
    return load_text(folder)


@pytest.fixture(scope="session")
def rulebook(small: Questionnaire, tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    return a_rulebook(tmp_path_factory.mktemp("rules"), small)
