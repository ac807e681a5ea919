"""What a home makes of what its start finds: a restore, a lost package or push."""

from collections.abc import Sequence

from ..core import flow
from ..core.errors import StoreError
from ..core.ledger import Line
from ..core.models import Case, CaseEvent, CaseEventType
from .workbench import Workbench, line


async def async_open_store(bench: Workbench) -> None:
    """Open the store, and show as long as it is one of a newer version."""
    try:
        await bench.store.async_open()
    except StoreError as err:
        if err.code == "store_too_new":
            bench.alarm.raise_alarm("store_too_new")
        raise
    bench.alarm.clear_alarm("store_too_new")


async def async_enter_restored(bench: Workbench, cases: Sequence[Case]) -> None:
    """After a restore no offer and no consent of before stands."""
    bench.alarm.raise_alarm("restored")
    await bench.store.async_record(
        [Line(kind="restored", case_id=None, data={"open": len(cases)})], bench.now()
    )
    for case in cases:
        after = flow.restored(case)
        if after != case:
            await bench.caseload.async_save(
                case, after, [line("voided", case, problem="restored")]
            )
    # only now: had it broken off before, the next start would void the rest
    await bench.store.async_end_restore(bench.now())


async def async_withdraw_lost(bench: Workbench) -> None:
    """Take back the drops whose package is gone: backups leave the spool out."""
    live = await bench.store.async_live_drops()
    for delivery_id in sorted(await bench.sealer.async_missing(live)):
        case = await bench.store.async_case_of_delivery(delivery_id)
        if case is None:
            continue
        await bench.caseload.async_save(
            case,
            flow.revoked(case, delivery_id, bench.now()),
            [line("revoked", case, user_id=None, delivery_id=delivery_id, lost=True)],
        )


async def async_tell_again(bench: Workbench) -> None:
    """Push what was approved just before the last run ended.

    It may have reached no phone, and the others can still take it back.
    """
    for case in bench.caseload.all_open():
        consent = case.delivery.consent if case.delivery else None
        if consent and bench.now() < consent.undo_until:
            event = CaseEvent(
                type=CaseEventType.APPROVED,
                case=case,
                user_id=consent.user_id,
                at=consent.at,
            )
            await bench.prompter.async_settle(event)
