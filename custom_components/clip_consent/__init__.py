"""Clip Consent: the owner's answer to requests for camera footage."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Final
from zoneinfo import ZoneInfo

from homeassistant.components.ffmpeg import get_ffmpeg_manager
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.typing import ConfigType

from .base.outbound import Origin, Outbound
from .const import DOMAIN, LOGGER, SIGNAL_STARTED, VERSION
from .core.errors import ClipConsentError, StoreError
from .core.models import Approver, Way
from .core.settings import HomeSettings
from .entity import SIGNAL_EVENT, ClipConsentConfigEntry, backup_hold
from .frontend import async_serve_panel, async_show_panel, hide_panel, read_public_files
from .home.alarm import RepairAlarm
from .home.caseload import Caseload
from .home.configuration import read_approvers, read_settings, read_upload_origins
from .home.manager import HomeManager
from .home.media import Media
from .home.people import HomePeople
from .home.portals.upload import Uploader
from .home.prompt import PhonePrompter
from .home.prompt_notice import hide_notice
from .home.prompt_texts import PushTexts
from .home.sources.folder import FolderSource
from .home.spool import Spool
from .home.store import HomeStore
from .home.workbench import Workbench
from .home.world import RandomIds, SystemClock
from .http import register_views
from .messages import async_load_messages
from .reach import watch_reach
from .services import register_actions
from .websocket import register_commands

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register once what Home Assistant cannot take back: views, commands, actions."""
    files = await hass.async_add_executor_job(read_public_files)
    register_views(hass, files)
    register_commands(hass)
    register_actions(hass)
    await async_serve_panel(hass, files)
    hass.data[DOMAIN] = files
    async_dispatcher_connect(
        hass, SIGNAL_CONFIG_ENTRY_CHANGED, partial(_hide_disabled, hass)
    )
    return True


@callback
def _hide_disabled(
    hass: HomeAssistant, _: ConfigEntryChange, entry: ConfigEntry
) -> None:
    """Take away what is of no use, and what nobody mends, while the home is disabled.

    Heard from Home Assistant: a home that could not start is never unloaded.
    """
    stopped = entry.state is ConfigEntryState.NOT_LOADED
    if entry.domain == DOMAIN and entry.disabled_by and stopped:
        hide_panel(hass, hass.data[DOMAIN])
        hide_notice(hass)
        RepairAlarm(hass).clear_lasting()


async def async_setup_entry(hass: HomeAssistant, entry: ClipConsentConfigEntry) -> bool:
    """Put a home together and start it."""
    # before anything is read: what is saved meanwhile counts too
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    await async_load_messages(hass)
    try:
        manager = await _async_start_home(hass, entry)
    except ClipConsentError as err:
        # a disk may recover; a rule or a database of another version will not
        passing = isinstance(err, StoreError) and err.code != "store_too_new"
        kind = ConfigEntryNotReady if passing else ConfigEntryError
        raise kind(
            translation_domain=DOMAIN,
            translation_key=err.code,
            translation_placeholders=err.placeholders or None,
        ) from err
    entry.runtime_data = manager
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    await async_show_panel(hass, hass.data[DOMAIN])
    entry.async_on_unload(
        watch_reach(hass, RepairAlarm(hass), has_invites=lambda: bool(manager.invites))
    )
    entry.async_on_unload(_watch_time_zone(hass, entry, str(manager.time_zone)))
    # not before the entry counts as loaded
    entry.async_on_unload(
        entry.async_on_state_change(partial(_tell_started, hass, entry))
    )
    return True


@callback
def _tell_started(hass: HomeAssistant, entry: ClipConsentConfigEntry) -> None:
    if entry.state is ConfigEntryState.LOADED:
        async_dispatcher_send(hass, SIGNAL_STARTED)


async def async_unload_entry(
    hass: HomeAssistant, entry: ClipConsentConfigEntry
) -> bool:
    """Stop a home; what was saved goes on after the next start."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.async_stop()
    return True


async def async_remove_entry(
    hass: HomeAssistant, entry: ClipConsentConfigEntry
) -> None:
    """Remove drafts, packages, index and words; the ledger stays with the owner."""
    cache = Path(hass.config.cache_path(DOMAIN))
    # a backup may still copy after a minute; what is removed must not stay in a log
    await backup_hold(hass).async_wait()
    store = HomeStore(Path(hass.config.path(DOMAIN)), cache)
    try:
        await store.async_open()
        await store.async_retire(SystemClock().now())
    except StoreError as err:
        LOGGER.warning("What the database holds stays as it is: %s", err)
    finally:
        await store.async_close()
    await hass.async_add_executor_job(partial(rmtree, cache, ignore_errors=True))
    hide_panel(hass, hass.data.get(DOMAIN, {}))
    hide_notice(hass)
    RepairAlarm(hass).clear_all()


async def _async_reload(hass: HomeAssistant, entry: ClipConsentConfigEntry) -> None:
    """Start anew with changed cameras, rules, invites or approvers."""
    hass.config_entries.async_schedule_reload(entry.entry_id)


@callback
def _watch_time_zone(
    hass: HomeAssistant, entry: ClipConsentConfigEntry, known: str
) -> CALLBACK_TYPE:
    """Start anew in another time zone: rules, file names and limits go by its clock."""

    @callback
    def look(_: Event | None = None) -> None:
        nonlocal known
        if hass.config.time_zone != known:
            known = hass.config.time_zone
            hass.config_entries.async_schedule_reload(entry.entry_id)

    look()  # it may have changed while the home started
    return hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, look)


async def _async_start_home(
    hass: HomeAssistant, entry: ClipConsentConfigEntry
) -> HomeManager:
    settings = read_settings(entry, ZoneInfo(hass.config.time_zone))
    approvers = read_approvers(entry)
    cache = Path(hass.config.cache_path(DOMAIN))
    clock, ids, alarm = SystemClock(), RandomIds(), RepairAlarm(hass)
    people = HomePeople(hass, approvers)
    store = HomeStore(Path(hass.config.path(DOMAIN)), cache, hold=backup_hold(hass))
    media = Media(ffmpeg=get_ffmpeg_manager(hass).binary, folder=cache / "drafts")
    texts = PushTexts()
    folders = FolderSource(
        index_path=cache / "folders.db",
        probe=media.async_length,
        time_zone=hass.config.time_zone,
    )
    outbound = Outbound(
        allowed_fetch=frozenset[Origin](), allowed_send=read_upload_origins(entry)
    )
    uploader = Uploader(outbound.send)
    spool = Spool(
        cache / "spool", open_draft=media.open_draft, software_version=VERSION
    )
    prompter = PhonePrompter(
        hass,
        approvers=approvers,
        people=people,
        book=store,
        clock=clock,
        ids=ids,
        settings=settings,
        alarm=alarm,
        texts=texts,
    )
    manager = HomeManager(
        Workbench(
            store=store,
            caseload=Caseload(store, clock),
            clock=clock,
            ids=ids,
            settings=settings,
            sources={"folder": folders},
            drafter=media,
            sealer=spool,
            deliverers={Way.TUS: uploader, Way.PUT: uploader},
            people=people,
            prompter=prompter,
            alarm=alarm,
            check_address=outbound.send.check_address,
        )
    )
    entry.async_on_unload(await texts.async_follow(hass))
    entry.async_on_unload(folders.async_close)
    entry.async_on_unload(outbound.async_close)
    await _async_begin(manager)
    _tell_missing(settings, approvers, alarm)
    _connect(hass, entry, manager, prompter)
    return manager


def _tell_missing(
    settings: HomeSettings, approvers: Mapping[str, Approver], alarm: RepairAlarm
) -> None:
    """Show as a repair issue that a rule wants more approvers than there are."""
    two = any(rule.constraints.two_approvers for rule in settings.rules)
    if two and len(approvers) <= 1:
        alarm.raise_alarm("too_few_approvers")
    else:
        alarm.clear_alarm("too_few_approvers")


def _connect(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    manager: HomeManager,
    prompter: PhonePrompter,
) -> None:
    """Let the manager hear taps, and phones and entities hear of its cases."""
    finish = HassJob(prompter.async_finish, f"{DOMAIN} results")
    for ending in (
        hass.async_add_shutdown_job(finish),  # it unloads no entry when it stops
        prompter.listen(manager),
        manager.on_progress(prompter.bars.told),
        manager.on_case(prompter.bars.moved),
        manager.on_event(partial(async_dispatcher_send, hass, SIGNAL_EVENT)),
    ):
        entry.async_on_unload(ending)


async def _async_begin(manager: HomeManager) -> None:
    """Start; or leave nothing open, since Home Assistant will try again."""
    try:
        await manager.async_start()
    except BaseException:
        await manager.async_stop()
        raise
