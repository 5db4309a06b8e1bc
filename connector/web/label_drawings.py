"""Codes as drawings within a page: Code 128 for what hand scanners read, QR for cameras."""

import re

from markupsafe import Markup

BARS = re.compile(r'<svg width="(\d+)" height="(\d+)".*?<path d="([^"]+)"', re.DOTALL)
PAPER = 2
"""White modules around a QR code; its standard asks for four, cameras of today need fewer."""


def code_128(text: str) -> Markup:
    """A text as bars; it is drawn in a box of the bars' own units and takes the size that the page gives it."""
    import zxingcpp  # 2 MB that a server starts without, and 10 ms at the first label

    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_svg()
    found = BARS.search(drawn)
    if found is None:
        raise ValueError(f"the bars of {text!r} were drawn in another way than is known")
    width, height, path = found.groups()
    return Markup(  # noqa: S704  figures and path letters only
        f'<svg class="bars-128" viewBox="0 0 {width} {height}" preserveAspectRatio="none" role="img"'
        f' aria-label="Code 128"><path fill="#fff" d="M0 0h{width}v{height}H0Z"/><path fill="#000" d="{path}"/></svg>'
    )


def qr(text: str) -> Markup:
    """A text as a QR code."""
    import segno  # 2 MB that a server starts without, and 20 ms at the first code

    code = segno.make(text, micro=False, error="m")
    rows = [
        f"M{column} {row}h1v1h-1Z"
        for row, bits in enumerate(code.matrix_iter(border=PAPER))
        for column, bit in enumerate(bits)
        if bit
    ]
    side = code.symbol_size(border=PAPER)[0]
    return Markup(  # noqa: S704  figures and path letters only
        f'<svg class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img" aria-label="QR code">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0Z"/><path fill="#000" d="{"".join(rows)}"/></svg>'
    )
