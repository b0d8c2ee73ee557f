from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.gitlab import ground


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documented GitLab, with the gate's project on it."""
    return ground.release(tmp_path_factory.mktemp("gitlab"))


@pytest.fixture
def project(tmp_path: Path, served: Path) -> ground.Project:
    return ground.project(tmp_path, served)
