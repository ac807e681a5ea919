"""What a home makes of the limit that a hub says was broken."""

import pytest

from custom_components.clip_consent.home.portals.hub_limits import limit_told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"error": "too_many_today"}', "too_many_today"),
        (b'{"error": "too_many_waiting", "field": null}', "too_many_waiting"),
        (b'{"error": "buy_our_cameras"}', "refused"),
        (b'{"error": ["too_many_today"]}', "refused"),
        (b'{"error": null}', "refused"),
        (b"{}", "refused"),
        (b"[]", "refused"),
        (b"too_many_today", "refused"),
        (b"[" * 60_000, "refused"),
        (b"", "refused"),
    ],
)
def test_only_known_limits_are_told(body: bytes, told: str) -> None:
    """Whatever else a hub writes is nobody's to be shown, and harms nothing."""
    assert limit_told(body, "refused") == told
