from pathlib import Path

import pytest

from app.questionnaires.model import Questionnaire
from tests.questionnaires.small import load_text


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    folder: Path = tmp_path_factory.mktemp("small")
    return load_text(folder)
