"""The real calendars and patterns behind the rules; the libraries are imported when first asked for."""

from datetime import date
from functools import lru_cache
from typing import Any

from domain.errors import Malformed
from domain.outside import Outside


def real_outside() -> Outside:
    """Public holidays of the package `holidays`, patterns in linear time by RE2."""
    return Outside(is_holiday=_is_holiday, search=_search)


def _is_holiday(day: date, country: str, region: str | None) -> bool:
    return day in _holidays(country, region, year=day.year)


@lru_cache(maxsize=1024)
def _holidays(country: str, region: str | None, *, year: int) -> frozenset[date]:
    """The public holidays of a year: the region's where the package knows it, else the country's, else none."""
    from holidays import country_holidays

    subdivision = region.removeprefix(f"{country}-") if region else None
    for known in dict.fromkeys((subdivision, None)):
        try:
            return frozenset(country_holidays(country, subdiv=known, years=year))
        except NotImplementedError:
            continue
    return frozenset()


def _search(pattern: str, text: str) -> bool:
    return _compiled(pattern).search(text) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:  # noqa: ANN401  # re2 ships no types
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as fault:
        raise Malformed(f"is no pattern that RE2 reads: {_reason(fault)}") from None


def _reason(fault: Exception) -> str:
    said = fault.args[0] if fault.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
