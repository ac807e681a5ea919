"""The buttons of a push, each with a one-time key where it answers something."""

from ..base.push import Phone
from ..core.approval import Decision, NewToken, may_tap
from ..core.models import Approver, Case
from ..core.ports import Ids, People, PushBook
from .prompt_texts import PushTexts
from .push_payload import ACTION_PREFIX, Action


class Keys:
    """Mints keys: each for one approver, phone, offer and decision."""

    def __init__(
        self, *, book: PushBook, people: People, ids: Ids, texts: PushTexts
    ) -> None:
        """Keep the tools."""
        self._texts = texts
        self._book = book
        self._people = people
        self._ids = ids

    def review(self) -> Action:
        """Return the button that opens the case; it answers nothing."""
        return Action(title=self._texts.say("review"), key=None)

    async def async_question(
        self, approver: Approver, phone: Phone, case: Case
    ) -> list[Action]:
        """Return the buttons of a question: Approve only where one tap is on."""
        wanted = [Decision.DECLINE]
        if await self._one_tap(approver, phone, case):
            wanted.insert(0, Decision.APPROVE)
        offer_id = case.offer.offer_id if case.offer else ""
        keys = await self._mint(approver, phone, case, offer_id, wanted)
        actions = [self.review()]
        if key := keys.get(Decision.APPROVE):
            approve = Action(title=self._texts.say("approve"), key=key, unlock=True)
            actions.insert(0, approve)
        decline = Action(
            title=self._texts.say("decline"),
            key=keys[Decision.DECLINE],
            destructive=True,
        )
        return [*actions, decline]

    async def async_undo(
        self, approver: Approver, phone: Phone, case: Case, offer_id: str
    ) -> Action:
        """Return the button that takes back the approval of an offer."""
        keys = await self._mint(approver, phone, case, offer_id, [Decision.UNDO])
        return Action(title=self._texts.say("undo"), key=keys[Decision.UNDO])

    async def _one_tap(self, approver: Approver, phone: Phone, case: Case) -> bool:
        if case.offer is None or case.screening is None:
            return False
        if case.screening.constraints.confirm_in_app:
            return False
        if case.offer.first and case.offer.first.user_id == approver.user_id:
            return False  # theirs was the first yes of two
        if case.draft is None or case.draft.choice.text is not None:
            return False  # a push does not show the words that would be sent
        if case.offer.identity:
            return False  # nor those about the owner that would go along
        person = await self._people.async_person(approver.user_id)
        return (
            person is not None
            and not person.local_only
            and may_tap(person, phone.entry_id)
        )

    async def _mint(
        self,
        approver: Approver,
        phone: Phone,
        case: Case,
        offer_id: str,
        decisions: list[Decision],
    ) -> dict[Decision, str]:
        tokens = {decision: self._ids.new_id() for decision in decisions}
        minted = [
            NewToken(
                token=token,
                offer_id=offer_id,
                user_id=approver.user_id,
                phone=phone.entry_id,
                decision=decision,
            )
            for decision, token in tokens.items()
        ]
        await self._book.async_mint(case.case_id, minted)
        return {d: f"{ACTION_PREFIX}{token}" for d, token in tokens.items()}
