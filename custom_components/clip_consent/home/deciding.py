"""What approvers decide besides approving: undo, decline, choose, answer, revoke."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from ..base.wholly import wholly
from ..core import flow
from ..core.answers import answer_text, identity_text
from ..core.approval import check_person
from ..core.bech32 import public_key
from ..core.errors import ConflictError, NotAllowedError
from ..core.models import Case, CaseEventType, CaseState, Choice, ClosedReason, Way
from ..core.portal_storage import rerouted
from .runner import CaseRunner
from .workbench import Workbench, line


class Deciding:
    """Applies decisions; the flow refuses those that come too late."""

    def __init__(self, bench: Workbench, runner: CaseRunner) -> None:
        """Keep the tools."""
        self._bench = bench
        self._runner = runner

    @wholly
    async def async_undo(self, case_id: str, user_id: str) -> Case:
        """Take a consent back within its window, or the first yes of two."""
        first = False

        async def undo(case: Case) -> Case:
            nonlocal first
            first = case.state is CaseState.WAITING
            return await self._bench.caseload.async_save(
                case,
                flow.undone(case, self._runner.now(case)),
                [line("undone", case, user_id=user_id, means="panel")],
            )

        after = await self._on_current(case_id, undo)
        if first:  # the new offer takes the old one's place on the phones
            self._runner.kick(case_id)
            self._bench.caseload.tell(CaseEventType.UNDONE, after, user_id)
        else:
            await self._runner.async_undone(after, user_id)
        return after

    @wholly
    async def async_decline(self, case_id: str, user_id: str | None) -> Case:
        """Say no, or stop what is on its way. From outside it looks like silence."""

        def decline(case: Case) -> Awaitable[Case]:
            if case.state in flow.ON_ITS_WAY:
                return self._runner.async_withdraw(case, user_id)
            return self._runner.async_close(case, ClosedReason.DECLINED, user_id)

        return await self._on_current(case_id, decline)

    @wholly
    async def async_end(self, case_id: str) -> Case:
        """Close what its requester needs no more, also if it is on its way.

        A yes that could still be taken back is.
        """

        async def end(case: Case) -> Case:
            if case.state in flow.ENDS:
                return case
            now = self._runner.now(case)
            delivery = case.delivery
            if delivery and now < delivery.consent.undo_until:
                case = await self._bench.caseload.async_save(
                    case,
                    flow.undone(case, now),
                    [line("undone", case, user_id=None, means="hub")],
                )
            if case.state in flow.ON_ITS_WAY:
                return await self._runner.async_withdraw(case, None)
            return await self._runner.async_close(case, ClosedReason.WITHDRAWN, None)

        return await self._on_current(case_id, end)

    @wholly
    async def async_reroute(self, case_id: str, base: str, storage: str | None) -> None:
        """Have an answer go to where a hub, or its store, is now; offer it anew."""

        async def reroute(case: Case) -> Case:
            after = rerouted(case, base, storage)
            if after is None:
                return case
            said = line("rerouted", case, storage=storage)
            after = await self._bench.caseload.async_save(case, after, [said])
            self._runner.kick(case_id)
            return after

        await self._on_current(case_id, reroute)

    async def _on_current(
        self, case_id: str, decide: Callable[[Case], Awaitable[Case]]
    ) -> Case:
        """Decide on a case as it is now, and again if the loop saved it meanwhile.

        A decision that does not fit the state any more is refused all the same.
        """
        while True:
            case = await self._bench.caseload.async_get(case_id)
            try:
                return await decide(case)
            except ConflictError:
                now = await self._bench.caseload.async_get(case_id)
                if now.version == case.version:
                    raise

    @wholly
    async def async_choose(
        self, case_id: str, choice: Choice, user_id: str | None
    ) -> Case:
        """Draft another camera or span; the offer before is void."""
        what = "answer" if choice.text is not None else "clip"
        choice = replace(choice, identity=identity_text(choice.identity))

        async def choose(case: Case) -> Case:
            fresh = self._runner.screener.fresh(
                case
            )  # it may have been shared long ago
            if choice.identity and case.request.destination.way is Way.HAND_OVER:
                raise ConflictError("identity_by_hand")  # no manifest to say it
            if choice.text is None:
                self._runner.screener.check_choice(fresh, choice)
            return await self._bench.caseload.async_save(
                case,
                flow.chosen(fresh, choice, self._bench.now()),
                [line("chosen", case, user_id=user_id, what=what)],
            )

        after = await self._on_current(case_id, choose)
        self._runner.abandon_work(case_id)
        self._runner.kick(case_id)
        return after

    async def async_answer(
        self, case_id: str, text: str, user_id: str | None, *, identity: str = ""
    ) -> Case:
        """Draft an answer in words; it too is only sent after Approve."""
        case = await self._bench.caseload.async_get(case_id)
        choice = Choice(
            camera_id="",
            window=case.request.window,
            text=answer_text(text),
            identity=identity,
        )
        return await self.async_choose(case_id, choice, user_id)

    @wholly
    async def async_set_key(self, case_id: str, recipient: str, user_id: str) -> Case:
        """Set the key that the owner's browser made for a pick-up link."""
        public_key(recipient)

        async def key(case: Case) -> Case:
            return await self._bench.caseload.async_save(
                case,
                flow.keyed(case, recipient),
                [line("key_set", case, user_id=user_id, recipient=recipient)],
            )

        after = await self._on_current(case_id, key)
        self._runner.kick(case_id)
        return after

    @wholly
    async def async_revoke(self, delivery_id: str, user_id: str | None) -> Case:
        """Take back what still lies in the home's own drop."""
        case = await self._bench.store.async_case_of_delivery(delivery_id)
        if case is None:
            raise ConflictError("nothing_to_revoke")

        async def revoke(case: Case) -> Case:
            delivery = next(d for d in case.delivered if d.delivery_id == delivery_id)
            if delivery.available_until is None:
                raise ConflictError("cannot_revoke")
            if not delivery.is_available(self._bench.now()):
                raise ConflictError("nothing_to_revoke")
            return await self._bench.caseload.async_save(
                case,
                flow.revoked(case, delivery_id, self._bench.now()),
                [line("revoked", case, user_id=user_id, delivery_id=delivery_id)],
            )

        after = await self._on_current(case.case_id, revoke)
        await self._bench.sealer.async_remove(delivery_id)
        return after

    async def async_require_approver(self, user_id: str | None) -> None:
        """Let automations (no user) and approvers through. Raises NotAllowedError."""
        if user_id is None:
            return
        if check_person(await self._bench.people.async_person(user_id)):
            raise NotAllowedError("not_approver")
