"""What the ledger's lines say alone, read from the first to the last."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from custom_components.clip_consent.core.ledger import (
    EMPTY,
    Entry,
    Head,
    digest,
    first_fault,
)
from custom_components.clip_consent.core.models import CaseState

_STAGES = {
    CaseState.RECEIVED: "received",
    CaseState.CONSENTED: "approved",
    CaseState.SEALED: "sealed",
    CaseState.SHARED: "shared",
    CaseState.CLOSED: "closed",
}
# what a line makes of its case, whatever it was before
_MAKES = {
    "received": "received",
    "chosen": "open",
    "undone": "open",
    "voided": "open",
    "sealed": "sealed",
    "delivery_refused": "open",
}


def stage(state: CaseState) -> str:
    """Return how far a case is, as far as the ledger tells."""
    return _STAGES.get(state, "open")


@dataclass(kw_only=True)
class Replay:
    """What became of every case, and how often somebody agreed or a clip went out."""

    head: Head = EMPTY
    stages: dict[str, str] = field(default_factory=dict)
    halves: int = 0
    consents: list[str] = field(default_factory=list)
    shares: list[tuple[str, str]] = field(default_factory=list)  # case, consent

    def go_on(self, entries: Iterable[Entry]) -> None:
        """Read the entries that follow those read before."""
        for entry in entries:
            self.head = Head(seq=entry.seq, digest=entry.digest)
            if entry.case_id:
                self._read(entry, entry.case_id)

    def _read(self, entry: Entry, case_id: str) -> None:
        shared = any(case_id == case for case, _ in self.shares)
        if entry.kind == "first_approved":
            self.halves += 1
        elif entry.kind == "approved":
            self.consents.append(str(entry.data["consent_id"]))
            self.stages[case_id] = "approved"
        elif entry.kind == "shared":
            self.shares.append((case_id, str(entry.data["consent_id"])))
            late = bool(entry.data.get("withdrawn_too_late"))
            if not late or self.stages[case_id] == "closed":
                self.stages[case_id] = "shared"
        elif entry.kind == "screened":
            self.stages[case_id] = "closed" if entry.data["closed"] else "open"
        elif entry.kind == "closed":
            self.stages[case_id] = "shared" if shared else "closed"
        elif entry.kind in _MAKES:
            self.stages[case_id] = _MAKES[entry.kind]


def check_chain(entries: list[Entry], after: Head, head: Head) -> None:
    """See that the entries behind a place hold, up to the head kept apart."""
    assert first_fault(entries[after.seq :], after=after, head=head) is None


def check_tampering(entries: list[Entry], head: Head) -> None:
    """See that a changed, a missing and a moved entry are each named."""
    if len(entries) < 3:
        return
    place = len(entries) // 2
    one, two = entries[place - 1 : place + 1]
    changed = replace(two, data={**two.data, "user_id": "mallory"})
    renamed = replace(two, kind=f"{two.kind}_not")
    forged = replace(changed, digest=digest(changed))  # it fits, but for the next one
    if place + 1 < len(entries):
        tampered = [*entries[:place], forged, *entries[place + 1 :]]
        assert first_fault(tampered) == place + 2
    for tampered in (
        [*entries[:place], changed, *entries[place + 1 :]],
        [*entries[:place], renamed, *entries[place + 1 :]],
        [*entries[:place], *entries[place + 1 :]],
    ):
        assert first_fault(tampered, head=head) == place + 1
    swapped = [*entries[: place - 1], two, one, *entries[place + 1 :]]
    assert first_fault(swapped, head=head) == place
    assert first_fault(entries[:-1], head=head) == len(entries)
