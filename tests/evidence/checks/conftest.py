"""One copy of the checkout for each module that damages it."""

import pytest
from copied_checkout import copied


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("checkout"))
