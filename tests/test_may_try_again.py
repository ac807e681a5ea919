"""Which tests that failed get a second chance."""

import pytest

from script.may_try_again import MOST, refusal

BUSY = "tests/e2e/test_hub.py::test_panel"


def test_a_few_that_live_by_the_clock_are_tried_again() -> None:
    """Up to the most."""
    assert refusal([BUSY]) is None
    assert refusal([f"{BUSY}[{n}]" for n in range(MOST)]) is None


@pytest.mark.parametrize(
    ("failed", "why"),
    [
        ([], "nothing failed"),
        ([f"{BUSY}[{n}]" for n in range(MOST + 1)], "is the most"),
        ([BUSY, "tests/guarantees/test_g1_tap.py::test_one"], "hold always"),
        (["tests/core/test_rules.py::test_one"], "hold always"),
    ],
)
def test_a_broken_thing_is_not(failed: list[str], why: str) -> None:
    """Neither many at once, nor what a guarantee or the core is held to."""
    said = refusal(failed)
    assert said is not None
    assert why in said
