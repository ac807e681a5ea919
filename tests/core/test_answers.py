"""The owner's own words: tidied, measured and looked through like a requester's."""

import pytest

from custom_components.clip_consent.core.answers import identity_text
from custom_components.clip_consent.core.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("  \t ", ""),
        ("\u200b", ""),
        ("  Sam, number 12 ", "Sam, number 12"),
        ("Rene\u0301", "Ren\u00e9"),
        ("x" * 127, "x" * 127),
        ("<b>Sam</b>", "<b>Sam</b>"),
    ],
)
def test_what_the_owner_says_of_themselves(text: str, said: str) -> None:
    """One tidy line; what draws nothing says nothing."""
    assert identity_text(text) == said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * 128, "text_too_long"),
        ("Sam\nApproved by the police", "control_character"),
        ("Sam\u2028Ben", "control_character"),
        ("Sam \u202egnihton", "bidi_character"),
        ("a" + "\u0301" * 9, "too_many_marks"),
    ],
)
def test_what_may_not_stand_there(text: str, code: str) -> None:
    """A second line could pass for words of ours."""
    with pytest.raises(InvalidRequestError) as refused:
        identity_text(text)
    assert (refused.value.code, refused.value.field) == (code, "identity")
