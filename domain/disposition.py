"""Where graded goods go."""

from collections.abc import Mapping

GRADES: Mapping[str, str] = {
    "A": "Like new: resell as new",
    "B": "Opened or light signs of use",
    "C": "Worn or needs repair",
    "D": "Damaged: parts or material only",
    "E": "Unusable",
}
"""The grades of an inspection with what each means."""

DESTINATIONS: Mapping[str, str] = {"A": "shelf", "B": "outlet", "C": "refurbish", "D": "recycle", "E": "recycle"}
"""Where each grade goes when no rule names a destination."""

PLACES = ("shelf", "repack", "refurbish", "outlet", "return_to_vendor", "recycle", "donate", "destroy", "quarantine")
"""Everywhere that goods can go."""

BACK_ON_SALE = "shelf"


def disposition(grade: str, *, destination: str | None = None) -> str:
    """Where goods of a grade go: where a rule sends them, but back on sale only when their grade allows it."""
    if destination is None or destination == BACK_ON_SALE:
        return DESTINATIONS[grade]
    return destination
