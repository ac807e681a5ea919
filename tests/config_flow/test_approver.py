"""Approvers: added, changed, refused."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from .conftest import AddHome, AddPhone
from .forms import shown, suggestion


async def _begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form for another approver."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "approver"), context={"source": SOURCE_USER}
    )


async def _answer(
    hass: HomeAssistant, result: dict[str, Any], answer: dict[str, Any]
) -> dict[str, Any]:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], answer
    )


def _approver(user: User, **changes: Any) -> dict[str, Any]:
    """Return an approver as kept."""
    nothing: dict[str, Any] = {
        **{key: [] for key in ("phones", "one_tap", "hide_details", "notices")},
        **dict.fromkeys(("quiet_from", "quiet_to")),
    }
    return {
        "subentry_type": "approver",
        "title": user.name,
        "unique_id": user.id,
        "data": {"user_id": user.id, **nothing, **changes},
    }


async def test_add(
    hass: HomeAssistant, add_home: AddHome, sam: User, kim: User, add_phone: AddPhone
) -> None:
    """All phones are proposed, one tap for those that answer in encrypted form."""
    entry = await add_home(_approver(sam))
    iphone = add_phone(kim, "Kim's iPhone")
    pixel = add_phone(kim, "Kim's Pixel", encrypted=False, os="Android")
    add_phone(sam, "Sam's iPhone")

    result = await _begin(hass, entry)
    assert (result["step_id"], shown(result, "user_id")) == ("user", {"kim": "Kim"})
    result = await _answer(hass, result, {"user_id": "kim"})
    assert result["step_id"] == "phones"
    assert result["description_placeholders"] == {"name": "Kim"}
    names = {iphone: "Kim's iPhone (iOS) 🔒", pixel: "Kim's Pixel (Android)"}
    for key in ("phones", "one_tap", "hide_details", "notices"):
        assert shown(result, key) == names
    assert suggestion(result, "phones") == [iphone, pixel]
    assert suggestion(result, "one_tap") == [iphone]
    assert suggestion(result, "hide_details") == suggestion(result, "notices") == []
    assert suggestion(result, "quiet_from") is suggestion(result, "quiet_to") is None

    answer = {"phones": [iphone, pixel], "one_tap": [iphone], "hide_details": [pixel]}
    answer |= {"notices": [iphone], "quiet_from": "22:00:00", "quiet_to": "07:00:00"}
    result = await _answer(hass, result, answer)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    _, added = entry.get_subentries_of_type("approver")
    assert (added.title, added.unique_id) == ("Kim", "kim")
    assert added.data == {"user_id": "kim", **answer}


async def test_add_with_everything_unticked(
    hass: HomeAssistant, add_home: AddHome, sam: User, add_phone: AddPhone
) -> None:
    """What the browser leaves out was emptied, not left as proposed."""
    entry = await add_home()
    add_phone(sam, "iPad")
    result = await _begin(hass, entry)
    result = await _answer(hass, result, {"user_id": "sam"})
    await _answer(hass, result, {})
    (added,) = entry.get_subentries_of_type("approver")
    assert added.data == _approver(sam)["data"]


async def test_add_without_a_phone(
    hass: HomeAssistant, add_home: AddHome, sam: User
) -> None:
    """It says that requests wait in the panel."""
    entry = await add_home()
    result = await _begin(hass, entry)
    result = await _answer(hass, result, {"user_id": "sam"})
    assert result["step_id"] == "no_phone"
    assert result["description_placeholders"] == {"name": "Sam"}
    result = await _answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (added,) = entry.get_subentries_of_type("approver")
    assert added.data == _approver(sam)["data"]


async def test_nobody_left_to_add(
    hass: HomeAssistant, add_home: AddHome, sam: User
) -> None:
    """Everybody is one already."""
    entry = await add_home(_approver(sam))
    result = await _begin(hass, entry)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_one_left")


async def test_added_twice_at_once(
    hass: HomeAssistant, add_home: AddHome, sam: User
) -> None:
    """Of two open forms for the same person the second is refused."""
    entry = await add_home()
    results = [await _begin(hass, entry), await _begin(hass, entry)]
    for number, result in enumerate(results):
        results[number] = await _answer(hass, result, {"user_id": "sam"})
    await _answer(hass, results[0], {})
    result = await _answer(hass, results[1], {})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_whoever_was_added_meanwhile_is_asked_for_again(
    hass: HomeAssistant, add_home: AddHome, sam: User, kim: User
) -> None:
    """The form comes back with those who are left."""
    entry = await add_home()
    slow = await _begin(hass, entry)
    result = await _answer(hass, await _begin(hass, entry), {"user_id": "kim"})
    await _answer(hass, result, {})
    slow = await _answer(hass, slow, {"user_id": "kim"})
    assert (slow["step_id"], shown(slow, "user_id")) == ("user", {"sam": "Sam"})


async def test_change(
    hass: HomeAssistant, add_home: AddHome, sam: User, add_phone: AddPhone
) -> None:
    """What is ticked now is shown, as far as it still exists; the name follows."""
    iphone, ipad = add_phone(sam, "iPhone"), add_phone(sam, "iPad")
    entry = await add_home(
        _approver(sam, phones=[iphone, "sold"], one_tap=["sold"], hide_details=[ipad])
    )
    (approver,) = entry.get_subentries_of_type("approver")
    sam.name = "Samira"
    result = await entry.start_subentry_reconfigure_flow(hass, approver.subentry_id)
    assert result["step_id"] == "phones"
    assert suggestion(result, "phones") == [iphone]
    assert suggestion(result, "one_tap") == []
    assert suggestion(result, "hide_details") == [ipad]

    result = await _answer(hass, result, {"phones": [ipad], "one_tap": [ipad]})
    assert (result["type"], result["reason"]) == (
        FlowResultType.ABORT,
        "reconfigure_successful",
    )
    approver = entry.subentries[approver.subentry_id]
    assert approver.title == "Samira"
    assert approver.data == _approver(sam, phones=[ipad], one_tap=[ipad])["data"]


async def test_change_after_the_last_phone_went(
    hass: HomeAssistant, add_home: AddHome, sam: User
) -> None:
    """The form says so and forgets the phone."""
    entry = await add_home(_approver(sam, phones=["sold"], one_tap=["sold"]))
    (approver,) = entry.get_subentries_of_type("approver")
    result = await entry.start_subentry_reconfigure_flow(hass, approver.subentry_id)
    assert result["step_id"] == "no_phone"
    await _answer(hass, result, {})
    approver = entry.subentries[approver.subentry_id]
    assert approver.data == _approver(sam)["data"]


@pytest.mark.parametrize(
    "hours",
    [
        {"quiet_from": "22:00:00"},
        {"quiet_to": "07:00:00"},
        {"quiet_from": "07:00:00", "quiet_to": "07:00:00"},
    ],
)
async def test_quiet_hours_that_are_none(
    hass: HomeAssistant,
    add_home: AddHome,
    sam: User,
    add_phone: AddPhone,
    hours: dict[str, str],
) -> None:
    """It is told at the field, and all that was chosen is still there."""
    entry = await add_home()
    iphone, ipad = add_phone(sam, "iPhone"), add_phone(sam, "iPad")
    result = await _begin(hass, entry)
    result = await _answer(hass, result, {"user_id": "sam"})
    answer = {"phones": [ipad], "hide_details": [iphone]}
    result = await _answer(hass, result, {**answer, **hours})
    assert result["step_id"] == "phones"
    assert result["errors"] == {"quiet_to": "quiet_invalid"}
    assert suggestion(result, "phones") == [ipad]
    assert suggestion(result, "one_tap") == []
    assert suggestion(result, "hide_details") == [iphone]
    for key in ("quiet_from", "quiet_to"):
        assert suggestion(result, key) == hours.get(key)
    result = await _answer(hass, result, answer)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_quiet_hours_change(
    hass: HomeAssistant, add_home: AddHome, sam: User, add_phone: AddPhone
) -> None:
    """They are shown, can be emptied, and outlive the last phone."""
    hours = {"quiet_from": "22:00:00", "quiet_to": "07:00:00"}
    entry = await add_home(_approver(sam, **hours))
    (approver,) = entry.get_subentries_of_type("approver")
    result = await entry.start_subentry_reconfigure_flow(hass, approver.subentry_id)
    assert result["step_id"] == "no_phone"
    await _answer(hass, result, {})
    assert (
        entry.subentries[approver.subentry_id].data == _approver(sam, **hours)["data"]
    )

    add_phone(sam, "iPhone")
    result = await entry.start_subentry_reconfigure_flow(hass, approver.subentry_id)
    for key, value in hours.items():
        assert suggestion(result, key) == value
    await _answer(hass, result, {})
    assert entry.subentries[approver.subentry_id].data == _approver(sam)["data"]


async def test_change_an_approver_of_before_there_were_quiet_hours(
    hass: HomeAssistant, add_home: AddHome, sam: User, add_phone: AddPhone
) -> None:
    """They have none, and can get some."""
    before = _approver(sam)
    for key in ("quiet_from", "quiet_to"):
        del before["data"][key]
    add_phone(sam, "iPhone")
    entry = await add_home(before)
    (approver,) = entry.get_subentries_of_type("approver")
    result = await entry.start_subentry_reconfigure_flow(hass, approver.subentry_id)
    assert suggestion(result, "quiet_from") is suggestion(result, "quiet_to") is None
    hours = {"quiet_from": "22:00:00", "quiet_to": "07:00:00"}
    await _answer(hass, result, hours)
    assert (
        entry.subentries[approver.subentry_id].data == _approver(sam, **hours)["data"]
    )


async def test_change_somebody_without_an_account(
    hass: HomeAssistant, add_home: AddHome, sam: User, kim: User
) -> None:
    """There is nothing to change, and it says what to do."""
    entry = await add_home(_approver(kim))
    (approver,) = entry.get_subentries_of_type("approver")
    await hass.auth.async_remove_user(kim)
    result = await entry.start_subentry_reconfigure_flow(hass, approver.subentry_id)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "user_gone")


@pytest.mark.parametrize("kind", ["approver", "camera", "rule", "invite"])
async def test_remove(hass: HomeAssistant, add_home: AddHome, kind: str) -> None:
    """Home Assistant's own way removes what was added."""
    entry = await add_home({"subentry_type": kind, "title": "X", "data": {}})
    (subentry,) = entry.get_subentries_of_type(kind)
    assert hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    assert not entry.subentries
