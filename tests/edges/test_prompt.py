"""What stands in a push that asks, to the letter."""

import asyncio
from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

from homeassistant.core import CoreState
import pytest

from custom_components.clip_consent.core.approval import Decision, Token
from custom_components.clip_consent.core.models import (
    Camera,
    Case,
    Choice,
    Constraints,
    Finding,
    PortalKind,
    Trust,
    Window,
)
from custom_components.clip_consent.home.push_payload import ACTION_PREFIX
from tests.core import cases
from tests.interfaces import example
from tests.phones import FakePhone, relay

from .prompting import (
    CAMERAS,
    DRIVEWAY,
    SHA,
    SPAN,
    PromptWorld,
    draft,
    prompting,
    waiting,
)

__all__ = ["prompting", "relay"]  # fixtures, used by name

APPROVE, DECLINE = "h2i3j4k5l6m7n2o3p4q5r6s7t2", "u2v3w4x5y6z7a2b3c4d5e6f7g2"
FREE = "Answering is voluntary, and nobody can see a refusal."
HIDDEN = f"Somebody asks for footage. {FREE}"


async def _ask(
    world: PromptWorld,
    case: Case,
    *,
    ios: bool = True,
    one_tap: bool = True,
    hide: bool = False,
    **more: Any,
) -> FakePhone:
    """Push a case to the one phone of the one approver, and return the phone."""
    sam = await world.user("Sam")
    phone = await world.phone(sam, "Sam's", ios=ios)
    world.approve_by(sam, phone, one_tap=one_tap, hide=hide)
    world.start(**more)
    await world.prompter.async_ask(case)
    return phone


async def test_ios_as_documented(prompting: PromptWorld) -> None:
    """An iPhone with one tap on gets what the interfaces page shows."""
    prompting.ids.listed = [APPROVE, DECLINE]
    phone = await _ask(prompting, waiting())
    assert phone.pushes == [example("push_data_ios")]


async def test_android_as_documented(prompting: PromptWorld) -> None:
    """Without one tap an Android phone gets Review and Decline only."""
    prompting.ids.listed = [DECLINE]
    phone = await _ask(prompting, waiting(), ios=False, one_tap=False)
    assert phone.pushes == [example("push_data_android")]


async def test_android_opted_in(prompting: PromptWorld) -> None:
    """With one tap on it has three buttons, and Approve wants the phone unlocked."""
    prompting.ids.listed = [APPROVE, DECLINE]
    phone = await _ask(prompting, waiting(), ios=False)
    wanted = example("push_data_android")
    wanted["data"]["actions"].insert(
        0,
        {
            "action": f"{ACTION_PREFIX}{APPROVE}",
            "title": "Approve",
            "authenticationRequired": True,
        },
    )
    assert phone.pushes == [wanted]


async def test_ios_without_one_tap(prompting: PromptWorld) -> None:
    """The owner can turn one tap off for an encrypted phone as well."""
    phone = await _ask(prompting, waiting(), one_tap=False)
    assert phone.titles() == ["Review", "Decline"]


async def test_tokens_are_kept_hashed_for_one_offer_each(
    prompting: PromptWorld,
) -> None:
    """What lies in the store tells which answer of which phone, not the key."""
    prompting.ids.listed = [APPROVE, DECLINE]
    phone = await _ask(prompting, waiting())
    [user_id] = prompting.approvers
    for key, decision in ((APPROVE, Decision.APPROVE), (DECLINE, Decision.DECLINE)):
        digest = prompting.store.token_digest(key)
        assert key not in digest
        assert await prompting.store.async_token(digest) == Token(
            digest=digest,
            case_id=waiting().case_id,
            offer_id=waiting().offer.offer_id,  # type: ignore[union-attr]
            user_id=user_id,
            phone=phone.entry_id,
            decision=decision,
            spent=False,
            void=False,
        )


@pytest.mark.parametrize("ios", [True, False])
async def test_hidden_details(prompting: PromptWorld, ios: bool) -> None:
    """With details hidden neither text nor picture tells anything."""
    phone = await _ask(prompting, waiting(), ios=ios, hide=True)
    [push] = phone.pushes
    assert push["message"] == HIDDEN
    assert push["title"] == "Request for footage"
    assert "image" not in push["data"]
    said = json.dumps(push)
    for word in ("Anna", "Driveway", "November", "19:02", SHA):
        assert word not in said
    assert phone.titles() == ["Approve", "Review", "Decline"]


async def test_rule_wants_the_app(prompting: PromptWorld) -> None:
    """A rule can keep Approve out of every push."""
    screening = replace(cases.screening(), constraints=Constraints(confirm_in_app=True))
    phone = await _ask(prompting, waiting(screening=screening))
    assert phone.titles() == ["Review", "Decline"]


async def test_words_about_the_owner_want_the_app(prompting: PromptWorld) -> None:
    """A push does not show them, so it cannot send them."""
    named = replace(waiting().offer or cases.offer(), identity="Sam, number 12")
    phone = await _ask(prompting, waiting(offer=named))
    assert phone.titles() == ["Review", "Decline"]
    assert "Sam, number 12" not in json.dumps(phone.pushes[-1])


async def test_local_user(prompting: PromptWorld) -> None:
    """Who may log in from home only cannot approve through a webhook either."""
    sam = await prompting.user("Sam")
    phone = await prompting.phone(sam, "Sam's", ios=True)
    await prompting.hass.auth.async_update_user(sam, local_only=True)
    prompting.approve_by(sam, phone)
    prompting.start()
    await prompting.prompter.async_ask(waiting())
    assert phone.titles() == ["Review", "Decline"]


async def test_nothing_prepared_yet(prompting: PromptWorld) -> None:
    """Where a camera has to be chosen the push says what was found, and can decline."""
    findings = (
        Finding(camera_id=DRIVEWAY, runs=(SPAN,)),
        Finding(camera_id="gate", runs=(SPAN,)),
        Finding(camera_id="gone", runs=(SPAN,)),
    )
    phone = await _ask(
        prompting, waiting(draft=None, offer=None, choice=None, findings=findings)
    )
    [push] = phone.pushes
    assert push["message"] == (
        "Anna next door asks for footage, 23 November, 19:02–19:05."
        f" Found on Driveway, The i Gate /i. {FREE}"
    )
    assert "image" not in push["data"]
    assert phone.titles() == ["Review", "Decline"]


@pytest.mark.parametrize("findings", [(), None])
async def test_nothing_found(
    prompting: PromptWorld, findings: tuple[Finding, ...] | None
) -> None:
    """Nothing found is said too: the owner may answer in words."""
    phone = await _ask(
        prompting, waiting(draft=None, offer=None, choice=None, findings=findings)
    )
    assert phone.pushes[0]["message"].endswith(
        f"19:02–19:05. Nothing was found. {FREE}"
    )


async def test_answer_in_words_and_draft_without_a_still(
    prompting: PromptWorld,
) -> None:
    """A push shows no words that would be sent: so they are approved in the panel."""
    words = Choice(camera_id="", window=SPAN, text="Come by at six.")
    phone = await _ask(
        prompting, waiting(draft=replace(draft(), choice=words, still=None))
    )
    [push] = phone.pushes
    assert push["message"] == (
        "Anna next door asks for footage, 23 November, 19:02–19:05."
        f" An answer in words waits for approval. {FREE}"
    )
    assert "image" not in push["data"]
    assert "six" not in json.dumps(push)
    assert phone.titles() == ["Review", "Decline"]


async def test_whole_minutes_have_no_seconds(prompting: PromptWorld) -> None:
    """Three minutes are said as that."""
    phone = await _ask(prompting, waiting(draft=replace(draft(), seconds=180.2)))
    assert phone.pushes[0]["message"].endswith(f"19:02–19:05, 3 min. {FREE}")


async def test_over_midnight(prompting: PromptWorld) -> None:
    """A window into the next day names both days; less than a minute has no minutes."""
    late = Window(
        start=SPAN.start + timedelta(hours=4, minutes=57, seconds=30),
        end=SPAN.start + timedelta(hours=4, minutes=58, seconds=10),
    )
    phone = await _ask(
        prompting, waiting(draft=replace(draft(), window=late, seconds=40.0))
    )
    assert phone.pushes[0]["message"] == (
        "Anna next door asks for Driveway, 23 November, 23:59–24 November, 00:00, 40 s."
        f" {FREE}"
    )


async def test_within_a_minute(prompting: PromptWorld) -> None:
    """Two equal times would say nothing: then seconds are said."""
    short = Window(start=SPAN.start, end=SPAN.start + timedelta(seconds=30))
    phone = await _ask(
        prompting, waiting(draft=replace(draft(), window=short, seconds=30.0))
    )
    assert phone.pushes[0]["message"] == (
        f"Anna next door asks for Driveway, 23 November, 19:02:00–19:02:30, 30 s. {FREE}"
    )


@pytest.mark.parametrize(
    ("trust", "who"),
    [
        (Trust.VERIFIED, "A verified requester (Our street)"),
        (Trust.UNVERIFIED, "Somebody you have not verified (Our street)"),
    ],
)
async def test_a_hubs_request_says_how_far_it_is_vouched_for(
    prompting: PromptWorld, trust: Trust, who: str
) -> None:
    """In words of ours, and the hub by the owner's name: nobody else's."""
    request = replace(
        waiting().request, portal=PortalKind.HTTP, trust=trust, label="Our street"
    )
    phone = await _ask(prompting, waiting(request=request))
    assert phone.pushes[0]["message"].startswith(f"{who} asks for Driveway")


@pytest.mark.parametrize(
    ("label", "who"), [("Sam", "A test by Sam"), ("", "A test"), ("<>", "A test")]
)
async def test_a_test_is_called_one(
    prompting: PromptWorld, label: str, who: str
) -> None:
    """Approvers are not told that one of them asks for footage."""
    request = replace(waiting().request, portal=PortalKind.TEST, label=label)
    phone = await _ask(prompting, waiting(request=request))
    assert phone.pushes[0]["message"].startswith(f"{who} asks for Driveway")


@pytest.mark.parametrize(
    ("trust", "who"),
    [
        (Trust.UNVERIFIED, "Somebody you have not verified"),
        (Trust.INVITED, "Somebody you invited"),
        (Trust.VERIFIED, "A verified requester"),
    ],
)
async def test_trust_word_without_a_label(
    prompting: PromptWorld, trust: Trust, who: str
) -> None:
    """Without a label of the owner's the push says how well the requester is known."""
    case = waiting()
    request = replace(case.request, label="", trust=trust)
    phone = await _ask(prompting, waiting(request=request))
    assert phone.pushes[0]["message"].startswith(f"{who} asks for Driveway")


async def test_no_word_of_the_requester(prompting: PromptWorld) -> None:
    """F-09: pushes for hostile words are, byte for byte, those for no words at all."""
    case = waiting()
    silent = replace(case.request, name="", text="", contact="", case_number="")
    prompting.ids.listed = [APPROVE, DECLINE] * 2
    phone = await _ask(prompting, case)
    prompting.clock.go_on(timedelta(minutes=11))
    # a token stands in the store once
    prompting.ids.listed = [APPROVE[::-1], DECLINE[::-1]]
    await prompting.prompter.async_ask(waiting(request=silent))
    hostile, quiet = (json.dumps(push) for push in phone.pushes)
    for key in (APPROVE, DECLINE):
        quiet = quiet.replace(key[::-1], key)
    assert hostile == quiet


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("<img src=x>Tom", "img src=x Tom"),
        ("A & B <script>", "A & B script"),
        ("two\nlines\tand  more", "two lines and more"),
        ("<><>", "Somebody you invited"),
    ],
)
async def test_labels_are_no_markup(
    prompting: PromptWorld, label: str, shown: str
) -> None:
    """Android reads push texts as HTML: the owner's names hold nothing to read so."""
    case = waiting()
    camera: Camera = replace(CAMERAS[DRIVEWAY], name=f"{label}!")
    phone = await _ask(
        prompting,
        waiting(request=replace(case.request, label=label)),
        cameras={DRIVEWAY: camera},
    )
    message = phone.pushes[0]["message"]
    assert message.startswith(f"{shown} asks for ")
    assert "<" not in message
    assert ">" not in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("about", "ios"),
    [
        ({"os_name": "iPadOS", "manufacturer": "Apple"}, True),
        ({"os_name": "iOS", "manufacturer": "Somebody"}, True),
        ({"os_name": "macOS", "manufacturer": "Apple"}, True),
        ({"os_name": "Android", "manufacturer": "Fairphone"}, False),
    ],
)
async def test_form_follows_the_system(
    prompting: PromptWorld, about: dict[str, str], ios: bool
) -> None:
    """Each system gets the keys that its app reads, whoever made the device."""
    sam = await prompting.user("Sam")
    phone = await prompting.phone(sam, "Sam's", ios=ios, **about)
    prompting.approve_by(sam, phone)
    prompting.start()
    await prompting.prompter.async_ask(waiting())
    data = phone.pushes[0]["data"]
    assert ("url" in data) == ios
    assert ("clickAction" in data) == (not ios)
    assert "critical" not in json.dumps(data)


async def test_paths_are_relative(prompting: PromptWorld) -> None:
    """B-02: relays and Apple or Google learn a path, never an address or a signature."""
    phone = await _ask(prompting, waiting())
    [push] = phone.pushes
    said = json.dumps(push)
    assert "http" not in said
    assert "authSig" not in said
    assert push["data"]["image"].startswith("/api/clip_consent/draft/")


async def test_waits_for_the_start(prompting: PromptWorld) -> None:
    """Before Home Assistant has started, phones may not be there yet: no push is lost."""
    prompting.hass.set_state(CoreState.starting)
    sam = await prompting.user("Sam")
    phone = await prompting.phone(sam, "Sam's", ios=True)
    prompting.approve_by(sam, phone)
    prompting.start()
    asking = prompting.hass.async_create_task(prompting.prompter.async_ask(waiting()))
    for _ in range(50):
        await asyncio.sleep(0)
    assert phone.pushes == []
    assert prompting.issues == set()
    prompting.hass.set_state(CoreState.running)
    prompting.hass.bus.async_fire("homeassistant_started")
    await asking
    assert len(phone.pushes) == 1
