"""Run benchmarks, print what they gave, and write the page that tells of them."""

import argparse
import importlib
import sys

from .measure import Measure, write_page

NAMES = (
    *("push", "draft", "mask", "stills", "seal", "find", "flood", "start", "paint"),
    *("scroll", "feed", "drops"),
)


def main() -> int:
    """Read the command line; return 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(prog="script/benchmark", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; or all"
    )
    wanted = parser.parse_args().names or NAMES
    if unknown := set(wanted) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    measures: list[Measure] = []
    for name in wanted:
        for each in importlib.import_module(f"benchmarks.{name}").run():
            measures.append(each)
            held = "holds" if each.holds else "DOES NOT HOLD"
            print(
                f"{each.what}: {each.measured:.3g} {each.unit}"
                f" (wanted {each.bound}): {held}; {each.figures}",
                flush=True,
            )
        write_page(measures)
    return 0 if all(each.holds for each in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
