"""What the operator of a hub set up: who signs in with which token."""

from dataclasses import replace
import hashlib

from custom_components.clip_consent.core.hub_settings import (
    HubLimits,
    HubRequester,
    HubSettings,
    token_digest,
)
from custom_components.clip_consent.core.hub_terms import terms_json
from custom_components.clip_consent.core.limits import OPEN_MAX
from custom_components.clip_consent.core.models import RequesterKind
from custom_components.clip_consent.core.storage import Storage

MEIER = HubRequester(
    requester_id="meier",
    name="PC Meier",
    organisation="Police station 12",
    kind=RequesterKind.POLICE,
    verified_how="Met in person",
)
LAMM = HubRequester(
    requester_id="lamm",
    name="Lamm",
    organisation="",
    kind=RequesterKind.INSURER,
    verified_how="By letter",
)
HUB = HubSettings(
    name="Lindenstraße",
    operator="Residents' association",
    contact="hub@lindenstrasse.example",
    cells=("u33db",),
    requesters={token_digest("one"): MEIER, token_digest("two"): LAMM},
)


def test_a_token_signs_in_its_own_requester_and_nobody_else() -> None:
    """Only the SHA-256 of a token is kept, and it is not a token itself."""
    assert HUB.requester("one") is MEIER
    assert HUB.requester("two") is LAMM
    for other in ("", "three", "One", "one ", token_digest("one"), "ö"):
        assert HUB.requester(other) is None


def test_a_token_is_kept_as_its_sha_256() -> None:
    """As the sign-in link and the secret of an inbox are kept."""
    assert token_digest("one") == hashlib.sha256(b"one").hexdigest()


def test_a_request_stays_open_for_a_week_unless_the_operator_wants_less() -> None:
    """The default is the longest there is."""
    assert HubLimits().open == OPEN_MAX


def test_terms_name_where_answers_go_and_no_key_of_it() -> None:
    """Nothing of a store where there is none."""
    assert "storage" not in terms_json(HUB)
    store = Storage(
        endpoint="https://s3.example.org",
        region="eu",
        bucket="clips",
        key_id="AK",
        secret="SK",
    )
    said = terms_json(replace(HUB, storage=store))
    assert said["storage"] == store.origin
    assert "AK" not in str(said)
    assert "SK" not in str(said)
