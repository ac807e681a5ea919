#!/usr/bin/env python3
"""Check the record that a Clip Consent home exported, without that home and without us.

Needs Python 3.11 and nothing else. The file is what "Save the ledger" in the panel
saves, or the answer of the action clip_consent.export_ledger as JSON.

    python3 verify_ledger.py record.json
    python3 verify_ledger.py record.json --before older.json

What holds when it says OK: no entry was changed, removed, added in between or moved
since its digest was made, and the last one is the head that the export names. Whoever
holds the file could have made a whole new chain: only an older copy (--before), or the
digest of an entry that somebody wrote down in time (--holds), tells the two apart.

Exit status: 0 if all held, 1 if not, 2 if it could not be checked.
"""

import argparse
from collections.abc import Iterable
import hashlib
import json
from pathlib import Path
import sys
from typing import Any

FIELDS = {"seq", "at", "kind", "case_id", "data", "previous", "digest"}
FIRST = "0" * 64


class Mismatch(Exception):  # noqa: N818
    """What was found is not what it claims to be."""


def expect(held: bool, otherwise: str) -> None:
    """Raise Mismatch unless `held`."""
    if not held:
        raise Mismatch(otherwise)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names differ: of two values, one would be unchecked."""
    made = dict(pairs)
    expect(len(made) == len(pairs), "a name stands twice in one object")
    return made


def read_export(path: Path) -> dict[str, Any]:
    """Return the export in a file, also as Home Assistant wraps it."""
    found = json.loads(path.read_bytes(), object_pairs_hook=once)
    for wrapper in ("service_response", "response"):
        if isinstance(found, dict) and "entries" not in found:
            found = found.get(wrapper, found)
    expect(isinstance(found, dict) and "entries" in found, "it is no exported record")
    expect(found.get("version") == 1, "it is of another version")
    expect(found.get("algorithm") == "sha256", "it is made with another digest")
    expect(isinstance(found["entries"], list), "its entries are no list")
    return dict(found)


def digest_of(entry: dict[str, Any]) -> str:
    """Return the digest that an entry should have."""
    body = {name: value for name, value in entry.items() if name != "digest"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_entry(entry: dict[str, Any], seq: int, previous: str) -> str:
    """Return the digest of an entry that fits behind the one before it."""
    expect(isinstance(entry, dict) and set(entry) == FIELDS, f"entry {seq} is no entry")
    expect(entry["seq"] == seq, f"entry {seq} is missing, or is not at its place")
    fits = entry["previous"] == previous
    expect(fits, f"entry {seq} does not follow the one before it")
    digest = digest_of(entry)
    expect(entry["digest"] == digest, f"entry {seq} was changed")
    return digest


def check(export: dict[str, Any]) -> list[str]:
    """Return the digests of all entries, if all of them hold."""
    digests: list[str] = []
    for seq, entry in enumerate(export["entries"], 1):
        digests.append(check_entry(entry, seq, digests[-1] if digests else FIRST))
    head = {"seq": len(digests), "digest": digests[-1] if digests else FIRST}
    expect(export.get("head") == head, "entries are missing at the end")
    return digests


def check_older(digests: list[str], older: list[str]) -> None:
    """See that an older export is how this one begins."""
    for seq, (now, then) in enumerate(zip(digests, older, strict=False), 1):
        expect(now == then, f"entry {seq} is another one than in the older copy")
    expect(len(digests) >= len(older), "the older copy has more entries")


def summary(entries: Iterable[dict[str, Any]]) -> str:
    """Return how many entries there are of each kind."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry["kind"]] = counts.get(entry["kind"], 0) + 1
    return ", ".join(f"{kind} {counts[kind]}" for kind in sorted(counts))


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, help="the exported record (JSON)")
    parser.add_argument("--before", type=Path, help="an older export of the same home")
    parser.add_argument("--holds", help="the digest of an entry that must be in it")
    options = parser.parse_args(arguments)
    try:
        export = read_export(options.path)
        digests = check(export)
        if options.before:
            check_older(digests, check(read_export(options.before)))
        if options.holds:
            expect(options.holds in digests, "no entry has that digest")
    except Mismatch as err:
        print(f"NOT OK: {err}")
        return 1
    except (ValueError, RecursionError) as err:
        print(f"NOT OK: this is no JSON that can be read ({err})")
        return 1
    except OSError as err:
        print(f"could not check: {err}", file=sys.stderr)
        return 2
    print(summary(export["entries"]))
    last = digests[-1] if digests else FIRST
    print(f"OK: {len(digests)} entries, the last one's digest is {last}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
