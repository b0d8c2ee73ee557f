"""The reader must keep its word with the parser in C and, where there is none, with the one in Python."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from gate.policy import events

LOADERS = {loader.__name__: loader for loader in (events.LOADER, yaml.SafeLoader)}


@pytest.fixture(params=LOADERS, scope="module")
def loader(request: pytest.FixtureRequest) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "LOADER", LOADERS[request.param])
        yield request.param
