from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.store.kept import Kept, keep


@pytest.fixture(scope="session")
def kept(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Backups of one installation, of now, later and every older release: made once, as making it costs most."""
    return keep(databases, tmp_path_factory.mktemp("kept"))


@pytest.fixture
def bare(databases: Databases) -> Iterator[str]:
    """A database without any table."""
    url = databases.bare()
    yield url
    databases.drop(url)
