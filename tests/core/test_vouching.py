"""What a hub says of a requester goes with the other words; which hub it was stays."""

from custom_components.clip_consent.core.models import Request
from custom_components.clip_consent.core.requests import without_words
from custom_components.clip_consent.core.serial import dump, load
from custom_components.clip_consent.core.vouching import Voucher

from .cases import request

VOUCHER = Voucher(
    hub="thumb", item_id="k" * 26, organisation="Station 12", verified_how="Badge seen"
)


def test_words_are_forgotten() -> None:
    """Organisation and how it was verified are words of and about a person."""
    blank = without_words(request(voucher=VOUCHER))
    assert blank.voucher == Voucher(
        hub="thumb", item_id="k" * 26, organisation="", verified_how=""
    )
    assert without_words(request()).voucher is None


def test_it_is_kept_with_the_request() -> None:
    """And read again; requests of before there were hubs have none."""
    kept = request(voucher=VOUCHER)
    assert load(Request, dump(kept)) == kept
    old = dump(request())
    assert isinstance(old, dict)
    del old["voucher"]
    assert load(Request, old).voucher is None
