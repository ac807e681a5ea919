"""Puts a home together out of its parts, and takes it apart again."""

from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any, Final
from zoneinfo import ZoneInfo

from homeassistant.components.ffmpeg import get_ffmpeg_manager
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from .base.ending import end_with_home_assistant
from .base.outbound import Door, Outbound
from .const import CACHE_HUB, CACHE_HUB_HEAD, DOMAIN, LOGGER, VERSION
from .core.errors import StoreError
from .core.models import Approver, Way
from .core.ports import Source
from .core.settings import HomeSettings
from .entity import SIGNAL_EVENT, ClipConsentConfigEntry, backup_hold
from .frontend import async_show_panel, hide_panel
from .home.alarm import RepairAlarm
from .home.answer_files import AnswerFiles
from .home.answer_push import AnswerPushes
from .home.caseload import Caseload
from .home.configuration import (
    read_approvers,
    read_hub_origins,
    read_place,
    read_settings,
    read_storage_origins,
    read_upload_origins,
)
from .home.manager import HomeManager
from .home.media import Media
from .home.notice_push import NoticePushes
from .home.people import HomePeople
from .home.portals.hub_client import hub_door
from .home.portals.upload import Uploader
from .home.prompt import PhonePrompter
from .home.prompt_notice import hide_notice
from .home.prompt_texts import PushTexts
from .home.sources.folder import FolderSource
from .home.sources.frigate import FrigateSource
from .home.sources.frigate_access import FRIGATE, FrigateInstances
from .home.sources.frigate_client import FrigateClient
from .home.sources.media import HomeMedia
from .home.spool import Spool
from .home.store import HomeStore
from .home.workbench import Workbench
from .home.world import RandomChance, RandomIds, SystemClock
from .reach import watch_reach

PLATFORMS: Final = [
    Platform.BINARY_SENSOR,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]

type Closing = Callable[[], Coroutine[Any, Any, None]]


async def async_set_up_home(hass: HomeAssistant, entry: ClipConsentConfigEntry) -> None:
    """Put a home together and start it. Raises ClipConsentError."""
    manager, connect = await _async_make_home(hass, entry)
    try:  # or leave nothing open, since Home Assistant will try again
        await manager.async_start()
        connect()
        entry.runtime_data = manager
        await async_show_panel(hass, hass.data[DOMAIN])
        entry.async_on_unload(
            watch_reach(
                hass, RepairAlarm(hass), has_invites=lambda: bool(manager.invites)
            )
        )
        entry.async_on_unload(_watch_core_config(hass, entry, manager))
        # last: were anything to fail behind it, they would have to be unloaded
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    except BaseException:
        await manager.async_stop()
        raise


async def async_unload_home(hass: HomeAssistant, entry: ClipConsentConfigEntry) -> bool:
    """Stop a home; what was saved goes on after the next start."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.async_stop()
    return True


@callback
def hide_home(hass: HomeAssistant) -> None:
    """Take away what is of no use, and what nobody mends, while it is disabled."""
    hide_panel(hass, hass.data[DOMAIN])
    hide_notice(hass)
    RepairAlarm(hass).clear_lasting()


async def async_remove_home(hass: HomeAssistant) -> None:
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
    await hass.async_add_executor_job(_clear_cache, cache)
    hide_panel(hass, hass.data.get(DOMAIN, {}))
    hide_notice(hass)
    RepairAlarm(hass).clear_all()


def _clear_cache(cache: Path) -> None:
    """Delete all that is the home's: what a hub keeps beside it stays. Blocking."""
    for path in list(cache.iterdir()) if cache.is_dir() else ():
        if path.name in (CACHE_HUB, CACHE_HUB_HEAD):
            continue
        if path.is_dir():
            rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
    with suppress(OSError):  # a hub's is in it
        cache.rmdir()


@callback
def _watch_core_config(
    hass: HomeAssistant, entry: ClipConsentConfigEntry, manager: HomeManager
) -> CALLBACK_TYPE:
    """Start anew in another time zone: rules, file names, limits go by that clock."""
    known = str(manager.time_zone)

    @callback
    def look(_: Event | None = None) -> None:
        nonlocal known
        if hass.config.time_zone != known:
            known = hass.config.time_zone
            hass.config_entries.async_schedule_reload(entry.entry_id)

    look()  # it may have changed while the home started
    return hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, look)


async def _async_make_home(
    hass: HomeAssistant, entry: ClipConsentConfigEntry
) -> tuple[HomeManager, Callable[[], None]]:
    """Return a home's manager, and what connects it once it has started."""
    settings = read_settings(
        entry, ZoneInfo(hass.config.time_zone), lambda: read_place(hass.config)
    )
    approvers = read_approvers(entry)
    cache = Path(hass.config.cache_path(DOMAIN))
    clock, ids, alarm = SystemClock(), RandomIds(), RepairAlarm(hass)
    people = HomePeople(hass, approvers)
    store = HomeStore(Path(hass.config.path(DOMAIN)), cache, hold=backup_hold(hass))
    media = Media(ffmpeg=get_ffmpeg_manager(hass).binary, folder=cache / "drafts")
    texts = PushTexts()
    sources, outbound, closings = _open_sources(hass, entry, settings, media)
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
    notices, answers = _open_pushes(hass, entry, approvers, people, store, texts)
    manager = HomeManager(
        Workbench(
            store=store,
            caseload=Caseload(store, clock),
            clock=clock,
            ids=ids,
            chance=RandomChance(),
            settings=settings,
            sources=sources,
            drafter=media,
            sealer=spool,
            deliverers=dict.fromkeys((Way.TUS, Way.PUT), Uploader(outbound.send)),
            people=people,
            prompter=prompter,
            alarm=alarm,
            answers=AnswerFiles(cache / "answers", clock),
            check_address=outbound.send.check_address,
            hubs=_open_hubs(entry, settings),
            notice_pushes=notices,
            answer_pushes=answers,
        )
    )
    _close_in_the_end(hass, entry, manager, (manager.reading.async_stop, *closings))
    entry.async_on_unload(await texts.async_follow(hass))

    def connect() -> None:
        _tell_missing(settings, approvers, alarm)
        _connect(hass, entry, manager, prompter)

    return manager, connect


def _open_pushes(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    approvers: Mapping[str, Approver],
    people: HomePeople,
    store: HomeStore,
    texts: PushTexts,
) -> tuple[NoticePushes, AnswerPushes]:
    """Return what tells phones of notices, and of answers of neighbours."""
    clock, alarm = SystemClock(), RepairAlarm(hass)
    notices = NoticePushes(hass, approvers, people, store, clock, alarm, texts)
    answers = AnswerPushes(hass, approvers, people, alarm, texts)
    entry.async_on_unload(notices.listen())
    entry.async_on_unload(answers.listen())
    return notices, answers


def _open_hubs(entry: ClipConsentConfigEntry, settings: HomeSettings) -> Door:
    """Return the way to the hubs that are followed; closed when it is unloaded."""
    hubs = hub_door(read_hub_origins(settings))
    entry.async_on_unload(hubs.async_close)
    return hubs


def _close_in_the_end(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    manager: HomeManager,
    closings: tuple[Closing, ...],
) -> None:
    """Leave nothing open behind an entry, nor behind Home Assistant."""
    for closing in closings:
        entry.async_on_unload(closing)
    entry.async_on_unload(end_with_home_assistant(hass, manager.async_stop, *closings))


def _open_sources(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    settings: HomeSettings,
    media: Media,
) -> tuple[dict[str, Source], Outbound, tuple[Closing, ...]]:
    """Return the sources by kind, the ways out, and what closes them in the end.

    What is fetched from is what the owner entered: the recorders.
    """
    folders = FolderSource(
        index_path=Path(hass.config.cache_path(DOMAIN)) / "folders.db",
        probe=media.async_length,
        time_zone=hass.config.time_zone,
    )
    home_media = HomeMedia(hass, probe=media.async_length)
    instances = FrigateInstances(hass)
    recorders = [
        camera.source
        for camera in settings.cameras.values()
        if camera.source_kind == FRIGATE
    ]
    allowed, unverified = instances.origins(recorders)
    outbound = Outbound(
        allowed_fetch=allowed,
        allowed_send=read_upload_origins(entry)
        | read_hub_origins(settings)
        | read_storage_origins(settings),
        unverified=unverified,
    )
    frigate = FrigateSource(
        client=FrigateClient(outbound.fetch),
        access=instances.access,
        measure=media.async_length,
    )
    reload = partial(hass.config_entries.async_schedule_reload, entry.entry_id)
    entry.async_on_unload(instances.watch(recorders, reload))
    sources: dict[str, Source] = {
        "folder": folders,
        FRIGATE: frigate,
        "media": home_media,
    }
    closings = (folders.async_close, home_media.async_close, outbound.async_close)
    return sources, outbound, closings


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
