"""Settings that are saved while the home is just starting."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.home.store import HomeStore


@pytest.mark.parametrize("what", ["an option", "an approver"])
async def test_what_is_saved_during_a_start_counts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    """Two forms in a row: the second comes while the first one's change starts."""
    opened, changes = HomeStore.async_open, [what]

    async def slow(store: HomeStore) -> None:
        if not changes:
            await opened(store)
            return
        if changes.pop() == "an option":
            options = {**entry.options, "undo_panel": 33}
            hass.config_entries.async_update_entry(entry, options=options)
        else:
            [approver] = entry.get_subentries_of_type("approver")
            hass.config_entries.async_remove_subentry(entry, approver.subentry_id)
        await opened(store)

    monkeypatch.setattr(HomeStore, "async_open", slow)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    bench = entry.runtime_data._bench
    if what == "an option":
        assert bench.settings.panel_undo.total_seconds() == 33
    else:
        assert bench.people.approvers() == ()
