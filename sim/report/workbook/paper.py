"""Cells, looks and names of the workbook: text is always text, a number is always a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import ceil, isfinite
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

MOST_OF_A_TITLE = 31
"""Characters that Excel allows in the name of a sheet."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = "history"
_LINE = 15.0
"""Points of height of a line of text."""
_PAGE, _CHARACTER, _COLUMN = 900.0, 7.0, 5.0
"""Pixels in a line of a landscape page of A4; of a character; of what a column adds."""
_MOST_ON_A_PAGE = 22
"""Columns that can be read on one page."""
_A3, _A4 = 8, 9  # as Excel numbers paper
GREY, DARK, RULE = "#595959", "#1F3864", "#BFBFBF"
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": DARK},
    "section": {"bold": True, "font_size": 12, "font_color": DARK},
    "head": {"bold": True, "bottom": 1, "bg_color": "#D9E2F3", "text_wrap": True, "valign": "top"},
    "right": {"align": "right"},
    "center": {"align": "center"},
    "bold": {"bold": True},
    "note": {"italic": True, "font_color": GREY},
    "grey": {"font_color": GREY},
    "wrap": {"text_wrap": True, "valign": "top"},
    "top": {"valign": "top"},
    "indent": {"align": "left", "indent": 1},
    "across": {"align": "left", "bold": True, "bg_color": "#D9E2F3"},
    "sum": {"bold": True, "top": 1, "top_color": RULE},
    "end": {"bold": True, "top": 1, "bottom": 6},
    "input": {"locked": False, "bg_color": "#FFF2CC", "font_color": "#0000FF", "border": 1,
              "border_color": RULE},
    "amount": {"num_format": "#,##0;-#,##0;0"},
    "cents": {"num_format": "#,##0.00"},
    "small": {"num_format": "0.00000000"},
    "rate": {"num_format": "#,##0.00####"},
    "count": {"num_format": "#,##0"},
    "tenth": {"num_format": "#,##0.0"},
    "share": {"num_format": "0.0%"},
    "shade": {"bg_color": "#F2F2F2"},
}  # fmt: skip
"""What each look adds to a cell's format."""


class Tab:
    """One sheet; rows and columns count from 0."""

    def __init__(self, paper: Paper, title: str, sheet: Any) -> None:
        self.paper, self.title, self.sheet = paper, title, sheet

    def text(self, row: int, column: int, text: str, *looks: str) -> None:
        """Write text as it is, also where it begins like a formula or a link."""
        self.sheet.write_string(row, column, text, self.paper.look(*looks))

    def texts(self, row: int, texts: Iterable[str], *looks: str) -> None:
        """Write texts side by side, from the first column on."""
        for column, text in enumerate(texts):
            self.text(row, column, text, *looks)

    def number(self, row: int, column: int, number: float, *looks: str) -> None:
        """Write a number at full precision; `n/a` where it is none."""
        if isfinite(number):
            self.sheet.write_number(row, column, number + 0.0, self.paper.look(*looks))
        else:
            self.text(row, column, "n/a", *looks, "right", "grey")

    def formula(self, row: int, column: int, formula: str, value: Any, *looks: str) -> None:
        """Write a formula, with the value that viewers show which do not reckon."""
        value = value + 0.0 if isinstance(value, float) else value
        self.sheet.write_formula(row, column, f"={formula}", self.paper.look(*looks), value)

    def prose(self, row: int, last_column: int, text: str, width: float, *looks: str) -> None:
        """A sentence over several columns, `width` characters wide together; as high as it needs.

        It begins in the second column, beside its name.
        """
        self.sheet.merge_range(row, 1, row, last_column, "", self.paper.look("wrap", *looks))
        self.text(row, 1, text, "wrap", *looks)
        self.high(row, text, width)

    def high(self, row: int, text: str, width: float) -> None:
        """Make a row as high as text needs in `width` characters a line."""
        self.sheet.set_row(row, _LINE * max(1, ceil(len(text) / width)))

    def at(self, row: int, column: int, *, fixed: str = "") -> str:
        """A reference to a cell from any sheet; `row`, `column` or both are `fixed`."""
        cell = xl_rowcol_to_cell(row, column, "row" in fixed, "column" in fixed)
        return f"{quoted(self.title)}!{cell}"

    def block(
        self, first: tuple[int, int], last: tuple[int, int], *, fixed: str = "row column"
    ) -> str:
        """A reference to the cells between two."""
        a, b = (
            xl_rowcol_to_cell(*cell, "row" in fixed, "column" in fixed) for cell in (first, last)
        )
        return f"{quoted(self.title)}!{a}:{b}"

    def shape(self, widths: Sequence[float], *, head: int = 0, pages: Sequence[int] = ()) -> None:
        """Widths of columns, and print: landscape, with `head` rows on each page.

        All columns go on one page; or else on several, which begin with the columns `pages` and
        have all those before the first of them as labels.
        """
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_landscape()
        self.sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        self.sheet.set_footer("&L&F&C&A&R&P / &N")
        if head:
            self.sheet.repeat_rows(0, head - 1)
        if len(widths) <= _MOST_ON_A_PAGE or len(pages) < 2:
            self.sheet.set_paper(_A3 if len(widths) > _MOST_ON_A_PAGE else _A4)
            self.sheet.fit_to_pages(1, 0)
            return
        labels = pages[0]
        ends = [*pages[1:], len(widths)]
        pixels = [_CHARACTER * width + _COLUMN for width in widths]
        widest = max(sum(pixels[a:b]) for a, b in zip(pages, ends, strict=True))
        self.sheet.set_paper(_A4)
        self.sheet.set_print_scale(int(100 * min(1.0, _PAGE / (sum(pixels[:labels]) + widest))))
        self.sheet.repeat_columns(0, labels - 1)
        self.sheet.set_v_pagebreaks(ends[:-1])


class Paper:
    """The workbook as it is written."""

    def __init__(self, currency: str) -> None:
        self._bytes = BytesIO()
        # What begins like a formula, a link or a number stays text wherever it is written.
        converts = ("formulas", "urls", "numbers")
        as_text: dict[str, Any] = {f"strings_to_{one}": False for one in converts}
        self.book = xlsxwriter.Workbook(self._bytes, {"in_memory": True, **as_text})
        self.currency = currency
        self.titles: set[str] = {_RESERVED}
        self._formats: dict[tuple[str, ...], Any] = {}
        sign = currency.replace('"', "")
        money = f'#,##0 "{sign}";-#,##0 "{sign}";0 "{sign}"'
        self._looks = {**LOOKS, "money": {"num_format": money}}

    def save(self, file: Path) -> None:
        """Write the file."""
        self.book.close()
        file.write_bytes(self._bytes.getvalue())

    def tab(self, title: str) -> Tab:
        """A new sheet, by a title that is legal and not taken."""
        title = title_like(title, self.titles)
        self.titles.add(title.lower())
        sheet = self.book.add_worksheet(title)
        sheet.hide_gridlines(2)
        return Tab(self, title, sheet)

    def look(self, *looks: str) -> Any:
        """The format of these looks together; a look with a space or sign is a number format."""
        if looks not in self._formats:
            found: dict[str, Any] = {}
            for one in looks:
                found |= self._looks.get(one) or {"num_format": one}
            self._formats[looks] = self.book.add_format(found)
        return self._formats[looks]


def title_like(wanted: str, taken: set[str]) -> str:
    """A legal name of a sheet, as near to what is wanted as can be; `taken` are in lower case."""
    plain = _FORBIDDEN.sub("-", wanted).strip("' ") or "sheet"
    title, n = plain[:MOST_OF_A_TITLE].rstrip("' "), 1
    while title.lower() in taken:
        n += 1
        end = f" {n}"
        title = plain[: MOST_OF_A_TITLE - len(end)].rstrip("' ") + end
    return title


def quoted(title: str) -> str:
    """The name of a sheet as formulas write it."""
    doubled = title.replace("'", "''")
    return f"'{doubled}'"
