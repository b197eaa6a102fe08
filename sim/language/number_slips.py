"""Numbers as people write them, and as the program reads them: for remedies only.

Nothing here makes a typed value valid; it finds what to suggest in its place.
"""

import re
from typing import Any

WITH_COMMA = re.compile(r"\s*[+-]?\d+,\d")
ROUND_IN_GERMAN = re.compile(r"\s*[+-]?[1-9]\d{0,2}\.000(?!\d)")
"""`24.000` is twenty-four here and twenty-four thousand to half of Europe."""

_CURRENCY = re.compile(r"[€$£¥₹]|\b[A-Z]{3}\b")
_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?!\d)")
_DOTTED = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{3}){2,}(?!\d)")
_GROUPED_BY_COMMA = re.compile(r"\s*[+-]?\d{1,3}(,\d{3})+(?!\d)")
_PERCENT = re.compile(r"\s*\b(percent|per cent|pct)\b")
_PER = re.compile(r"\s*(/\s*(?=[a-z0-9])|\b(a|an)\b\s*(?=[a-z]))")
_WHOLE_IN_GERMAN = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3})+,\d+(?![\d,.])")


def cleaned(typed: Any) -> Any:
    """Return text without currency and thousands separators, with `per` and a plain minus."""
    if not isinstance(typed, str):
        return typed
    text = _CURRENCY.sub("", plain_spaces(typed).replace("−", "-").replace("–", "-"))
    text = _WHOLE_IN_GERMAN.sub(lambda found: found[0].replace(".", "").replace(",", "."), text)
    for grouped in (_GROUPED, _DOTTED):
        text = grouped.sub(lambda found: re.sub(r"\D", "", found[0]), text)
    text = _PERCENT.sub("%", text)
    return " ".join(_PER.sub(" per ", text).split())


def plain_spaces(text: str) -> str:
    """Return text whose non-breaking and narrow spaces between words are plain ones.

    Between digits they stay: there they group thousands, which `cleaned` asks about.
    """
    return re.sub(r"(?<!\d)[\u00a0\u202f\u2009]|[\u00a0\u202f\u2009](?!\d)", " ", text)


def names_currency(typed: Any) -> bool:
    """Whether text says euros, pounds, …: `18 EUR per hour`, `€120`."""
    return isinstance(typed, str) and _CURRENCY.search(typed) is not None


def without_commas(typed: Any) -> Any:
    """Return text with `1,200` as 1200 and `12,50` as 12.50."""
    if not isinstance(typed, str):
        return typed
    return typed.replace(",", "" if _GROUPED_BY_COMMA.match(typed) else ".").strip()
