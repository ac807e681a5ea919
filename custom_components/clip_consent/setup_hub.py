"""Puts a hub together out of its parts, and takes it apart again."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from shutil import rmtree
from typing import Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .base.ending import end_with_home_assistant
from .base.links import watch_links
from .base.public_view import RefusedError
from .base.push import phones
from .const import CACHE_HUB, CACHE_HUB_HEAD, DOMAIN
from .core.drop_box import drop_limits
from .core.errors import ConflictError, RestoredError, StoreError
from .core.models import Approver
from .entity import HubConfigEntry, backup_hold, hub_goes_on, is_set_up
from .frontend import async_show_hub_panel, hide_hub_panel
from .home.alarm import RepairAlarm
from .home.people import HomePeople
from .home.world import RandomIds, SystemClock
from .hub.configuration import read_hub_settings
from .hub.drops import HubDrops
from .hub.head_file import HeadFile
from .hub.manager import HubBench, HubManager
from .hub.object_store import object_store
from .hub.store import HubStore
from .moderators import Moderators, moderators_store
from .moderators_texts import async_moderator_texts

PLATFORMS: Final = [Platform.SENSOR]
_DROPS: Final[HassKey[HubDrops]] = HassKey(f"{DOMAIN}_drops")
_USERS: Final = ("user_added", "user_removed", "user_updated")
_FULL: Final = 0.9  # of the room for sealed answers
# repair issues of what keeps a hub from starting
_KEEP_OUT: Final = (
    *("hub_feed_full", "hub_log_behind", "hub_log_unsure", "store_too_new"),
)


async def async_set_up_hub(hass: HomeAssistant, entry: HubConfigEntry) -> None:
    """Put a hub together and start it. Raises ClipConsentError."""
    moderators = await _async_moderators(hass, entry)
    names = {one.user_id: one.name for one in moderators.values()}
    settings = read_hub_settings(entry, names)
    clock, ids = SystemClock(), RandomIds()
    drops = HubDrops(
        _drops(hass),
        clock=clock,
        ids=ids,
        limits=drop_limits(settings.limits),
        store=object_store(settings.storage, clock),
    )
    head = HeadFile(_drops(hass).with_name(CACHE_HUB_HEAD))
    store = HubStore(
        Path(hass.config.path(DOMAIN)),
        after_commit=head.follow,
        hold=backup_hold(hass),
    )
    manager = HubManager(
        HubBench(
            store=store,
            head=head,
            clock=clock,
            ids=ids,
            settings=settings,
            drops=drops,
        )
    )
    try:  # or leave nothing open, since Home Assistant will try again
        await _async_start(hass, manager)
        entry.async_on_unload(end_with_home_assistant(hass, manager.async_stop))
        entry.runtime_data = manager
        hass.data[_DROPS] = drops
        await _async_open(hass, entry, manager, moderators)
    except BaseException:
        hass.data.pop(_DROPS, None)
        await manager.async_stop()
        raise


async def _async_start(hass: HomeAssistant, manager: HubManager) -> None:
    """Start, and show as a repair issue why it does not."""
    alarm = hub_alarm(hass)

    def works(works: bool) -> None:
        if works:
            alarm.clear_alarm("hub_store_failed")
        else:
            alarm.raise_alarm("hub_store_failed")

    manager.watch_store(works)
    try:
        await manager.async_start(go_on=hub_goes_on(hass))
    except (ConflictError, RestoredError, StoreError) as err:
        _tell_why(alarm, err.code, err.placeholders)
        raise
    for code in _KEEP_OUT:
        alarm.clear_alarm(code)


def _tell_why(alarm: RepairAlarm, code: str, about: Mapping[str, str]) -> None:
    """Show what keeps a hub from starting; of a disk other issues tell."""
    if code == "hub_log_behind":
        alarm.raise_alarm("hub_log_behind", found=about["found"], kept=about["kept"])
    elif code == "hub_log_unsure":
        alarm.raise_alarm("hub_log_unsure", found=about["found"])
    elif code == "feed_full":
        alarm.raise_alarm("hub_feed_full")
    elif code == "store_too_new":
        alarm.raise_alarm("store_too_new")


async def _async_open(
    hass: HomeAssistant,
    entry: HubConfigEntry,
    manager: HubManager,
    moderators: Mapping[str, Approver],
) -> None:
    """Let the world in to a hub that has started."""
    alarm = hub_alarm(hass)
    pushes = Moderators(
        hass,
        manager=manager,
        people=HomePeople(hass, moderators),
        moderators=moderators,
        alarm=alarm,
        clock=SystemClock(),
        ids=RandomIds(),
        texts=await async_moderator_texts(hass),
    )
    entry.async_on_unload(await pushes.async_start())
    await async_show_hub_panel(hass, hass.data[DOMAIN], entry.title)
    _watch(hass, entry, manager, alarm)
    # last: were anything to fail behind it, they would have to be unloaded
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)


async def async_unload_hub(hass: HomeAssistant, entry: HubConfigEntry) -> bool:
    """Stop a hub; what was saved goes on after the next start."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    hass.data.pop(_DROPS)  # nobody is to begin with a box that closes
    await entry.runtime_data.async_stop()
    return True


@callback
def find_drops(hass: HomeAssistant) -> HubDrops:
    """Return the drop box of the hub. Raises RefusedError: not there, or not yet."""
    if (drops := hass.data.get(_DROPS)) is not None:
        return drops
    starting = is_set_up(hass, hub=True)
    raise RefusedError(
        HTTPStatus.SERVICE_UNAVAILABLE if starting else HTTPStatus.NOT_FOUND
    )


@callback
def hide_hub(hass: HomeAssistant) -> None:
    """Take away what is of no use, and what nobody mends, while it is disabled."""
    hide_hub_panel(hass)
    hub_alarm(hass).clear_lasting()


async def async_remove_hub(hass: HomeAssistant) -> None:
    """Remove all that a hub kept: its log, its keys, what was sent to it.

    A hub that is set up here later is another one.
    """
    await backup_hold(hass).async_wait()
    await hass.async_add_executor_job(
        partial(_remove_files, Path(hass.config.path(DOMAIN)), _drops(hass))
    )
    await moderators_store(hass).async_remove()
    hide_hub(hass)
    hub_alarm(hass).clear_all()


@callback
def hub_alarm(hass: HomeAssistant) -> RepairAlarm:
    """Return what shows the troubles of a hub."""
    return RepairAlarm(hass, "hub")


def _drops(hass: HomeAssistant) -> Path:
    return Path(hass.config.cache_path(DOMAIN)) / CACHE_HUB


def _remove_files(folder: Path, drops: Path) -> None:
    """Delete database and drops, and what shows that it was there. Blocking."""
    for name in ("hub.db", "hub.db-wal", "hub.db-shm"):
        (folder / name).unlink(missing_ok=True)
    drops.with_name(CACHE_HUB_HEAD).unlink(missing_ok=True)
    rmtree(drops, ignore_errors=True)


async def _async_moderators(
    hass: HomeAssistant, entry: HubConfigEntry
) -> dict[str, Approver]:
    """Return the moderators who are here, with their phones."""
    known = phones(hass)
    found: dict[str, Approver] = {}
    for user_id in entry.options["moderators"]:
        user = await hass.auth.async_get_user(user_id)
        if user is None or not user.is_active:
            continue
        mine = [
            phone
            for phone in known
            if phone.user_id == user_id and phone.entry_id in entry.options["phones"]
        ]
        found[user_id] = Approver(
            user_id=user_id,
            name=user.name or "",
            phones=tuple(phone.entry_id for phone in mine),
            one_tap=frozenset(phone.entry_id for phone in mine if phone.encrypted),
            hide_details=frozenset(),
        )
    return found


def _watch(
    hass: HomeAssistant,
    entry: HubConfigEntry,
    manager: HubManager,
    alarm: RepairAlarm,
) -> None:
    """Show as repair issues what keeps a hub from its work, as long as it does."""

    @callback
    def reachable(external: bool) -> None:
        if external:
            alarm.clear_alarm("hub_no_external_url")
        else:
            alarm.raise_alarm("hub_no_external_url")

    async def people(_: Event | None = None) -> None:
        if await _async_moderators(hass, entry):
            alarm.clear_alarm("hub_no_moderator")
        else:
            alarm.raise_alarm("hub_no_moderator")

    @callback
    def room() -> None:
        most = manager.settings.limits.drops_max_bytes
        if manager.drop_use < most * _FULL:
            alarm.clear_alarm("hub_drops_full")
        else:
            alarm.raise_alarm("hub_drops_full")
        if manager.disk_is_short:
            alarm.raise_alarm("hub_disk_short")
        else:
            alarm.clear_alarm("hub_disk_short")

    @callback
    def look(event: Event) -> None:
        if event.data.keys() & {"time_zone", "language"}:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    room()
    entry.async_create_task(hass, people())
    for ending in (
        watch_links(hass, reachable),
        manager.on_change(room),
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, look),
        *(hass.bus.async_listen(name, people) for name in _USERS),
    ):
        entry.async_on_unload(ending)
