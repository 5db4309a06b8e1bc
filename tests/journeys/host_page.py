"""A storefront of somebody else, on an origin of its own, whose policy lets the widget in and nothing more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

POLICY = (
    "default-src 'none'; script-src {home}/widget.js; connect-src {home}; img-src {home}; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
</head>
<body>
<main>
<h1>A shop</h1>
<p>Goods that are made to be kept.</p>
<p><button type="button" data-backhaul-open>Return something</button></p>
{script}
<p>Nothing of this moves.</p>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class HostPage:
    """The storefront's origin."""

    origin: str

    def at(self, **wanted: str) -> str:
        """The address of a page: `lang`, `dir`, and what the script's line says besides."""
        return f"{self.origin}/?" + "&".join(f"{name}={value}" for name, value in wanted.items())


@contextmanager
def host_page(home: str) -> Iterator[HostPage]:
    """A storefront that embeds the widget of a Backhaul at `home`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(home))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield HostPage(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(home: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            page = {"lang": asked.pop("lang", "en"), "dir": asked.pop("dir", "ltr")}
            said = " ".join(f'data-{name}="{escape(value)}"' for name, value in {"shop": "demo", **asked}.items())
            body = PAGE.format(**page, script=f'<script src="{home}/widget.js" {said}></script>').encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY.format(home=home))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    return Handler
