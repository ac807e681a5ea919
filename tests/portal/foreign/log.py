"""The public log: made, followed, read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from .spelling import ZEROS, Distrust, Said, canonical, parsed, sha256

CLOSING: Final = frozenset({"resolved", "withdrawn"})
LOSES_ITS_TEXT: Final = frozenset({"published", "note"})

_HASHED: Final = ("n", "at", "kind", "id", "target", "digest", "previous")


def text_digest(salt: str, text: str) -> str:
    """Return the digest of a text and the salt in front of it."""
    return sha256(bytes.fromhex(salt) + text.encode())


def entry_hash(entry: Said) -> str:
    """Return the hash over an entry's seven other fields."""
    return sha256(canonical({name: entry[name] for name in _HASHED}))


def new_line(before: Said | None, salt: str, text: str, **said: Any) -> Said:
    """Return the line behind another: `said` are `at`, `kind`, `id` and `target`."""
    entry = {
        "n": before["entry"]["n"] + 1 if before else 1,
        "previous": before["entry"]["hash"] if before else ZEROS,
        "digest": text_digest(salt, text),
        **said,
    }
    return {
        "entry": {**entry, "hash": entry_hash(entry)},
        "beside": {"salt": salt, "text": text},
    }


@dataclass(slots=True)
class Log:
    """What is known of a log: its chain, and what stands beside it."""

    entries: list[Said] = field(default_factory=list)
    texts: dict[int, Said] = field(default_factory=dict)  # by n, parsed

    @property
    def n(self) -> int:
        """Return the number of the newest entry."""
        return len(self.entries)

    def hash_at(self, n: int) -> str:
        """Return the hash of an entry; of none, zeros."""
        return str(self.entries[n - 1]["hash"]) if n else ZEROS

    def follow(self, lines: Iterable[Any]) -> None:
        """Take lines that follow from what is known.

        Raises Distrust `gap` or `fork`; nothing of a line that does not follow is kept.
        """
        for line in lines:
            entry, beside = line["entry"], line["beside"]
            if entry["n"] != self.n + 1:
                raise Distrust("gap", f"{entry['n']} after {self.n}")
            if entry["previous"] != self.hash_at(self.n):
                raise Distrust("fork", f"{entry['n']} follows from another")
            if entry["hash"] != entry_hash(entry):
                raise Distrust("fork", f"{entry['n']} has another hash")
            if beside is None and entry["kind"] not in LOSES_ITS_TEXT:
                raise Distrust("fork", f"{entry['n']} has to keep its text")
            if beside is not None:
                if entry["digest"] != text_digest(beside["salt"], beside["text"]):
                    raise Distrust("fork", f"{entry['n']} has another text")
                self.texts[entry["n"]] = parsed(beside["text"])
            self.entries.append(entry)

    def agree(self, head: Said, hub: str) -> None:
        """Hold a head against the chain, which reaches as far at least.

        Raises Distrust `other_hub`, `gap` or `fork`.
        """
        if head["hub"] != hub or head["version"] != 1:
            raise Distrust("other_hub")
        if head["n"] > self.n:
            raise Distrust("gap", f"{head['n']} is not there")
        if head["hash"] != self.hash_at(head["n"]):
            raise Distrust("fork", f"{head['n']} is another")

    def of_kind(self, *kinds: str) -> list[Said]:
        """Return the entries of these kinds."""
        return [entry for entry in self.entries if entry["kind"] in kinds]

    def over(self) -> set[int]:
        """Return `n` of what was published and is no more, or lost its text."""
        return {int(entry["target"]) for entry in self.of_kind(*CLOSING, "redacted")}

    def untold(self) -> set[int]:
        """Return `n` of texts that are gone although no later entry says why."""
        told = {
            int(entry["target"])
            for entry in self.of_kind("redacted")
            if entry["target"] < entry["n"]
        }
        return set(range(1, self.n + 1)) - self.texts.keys() - told
