"""Tables as files of comma-separated values."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""


def csv_file(name: str, columns: Sequence[str], *, rows: Iterable[Sequence[object]]) -> Response:
    """A table as a file to be kept; texts that a spreadsheet would compute are only text."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(columns)
    for row in rows:
        table.writerow([plain(one) if isinstance(one, str) else one for one in row])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(file.getvalue(), media_type="text/csv", headers=headers)


def plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
