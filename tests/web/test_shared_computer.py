"""What a browser on a shared computer may keep of what somebody typed: nothing that it offers to whoever comes next."""

import re

import pytest

from tests.web.conftest import House
from tests.web.test_readings_on_record import PAGES, blanks

BOX = re.compile(r"<(?:input|textarea)\b[^>]*>")
WITHOUT_WORDS = re.compile(r'type="(?:hidden|radio|checkbox|file|submit|button)"')


@pytest.mark.parametrize("who", ["clerk", "analyst", "principal", "admin", "auditor", "review", "hearing", ""])
def test_every_box_for_text_says_what_a_browser_may_fill_in(house: House, who: str) -> None:
    """Without it a browser keeps what was typed, and offers it in the same box to the next person."""
    seen, silent = 0, set()
    for path in PAGES:
        target = blanks(house, path)
        if target is None:
            continue
        answer = house.get(who, target)
        if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
            continue
        for box in BOX.findall(answer.text):
            if not WITHOUT_WORDS.search(box):
                seen += 1
                silent |= {(path, box[:120])} if " autocomplete=" not in box else set()
    assert silent == set()
    assert seen
