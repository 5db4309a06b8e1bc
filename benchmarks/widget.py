"""The widget on a page: what travels, and what it takes of a main thread that is as slow as a cheap telephone's."""

import gzip
import statistics

import httpx
from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.measuring import Figure
from benchmarks.serving import demo_server
from tests.journeys.served import CHROMIUM, chromium

LOADS = 9
SLOWER = 4
"""How many times slower than this machine the telephone is taken to be, as Chromium's own tools do it."""
SETTLED = 300
WORK = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


def figures() -> list[Figure]:
    """Bytes and milliseconds."""
    with demo_server() as server:
        sizes = _sizes(server.address)
        if CHROMIUM is None:
            return [*sizes, Figure("main-thread time", "not measured", aim="Chromium is not installed")]
        with chromium() as browser:
            return [*sizes, *_times(browser, f"{server.address}/shops/demo")]


def _sizes(address: str) -> list[Figure]:
    with httpx.stream("GET", f"{address}/widget.js", headers={"Accept-Encoding": "gzip"}) as answer:
        travels = b"".join(answer.iter_raw())
    plain = httpx.get(f"{address}/widget.js", headers={"Accept-Encoding": "identity"}).content
    look = httpx.get(f"{address}/shops/demo/chat?language=en").content
    return [
        Figure("widget.js, raw", f"{len(plain) / 1024:.1f} KB"),
        Figure("widget.js, as it travels (gzip)", f"{len(travels) / 1024:.1f} KB", aim="at most 15 KB"),
        Figure("its words and colours, raw", f"{len(look) / 1024:.1f} KB"),
        Figure("its words and colours, were they pressed", f"{len(gzip.compress(look)) / 1024:.1f} KB"),
    ]


def _times(browser: Browser, address: str) -> list[Figure]:
    """Each load on a page of its own, those with and without it in turn, so that both meet the same machine."""
    loads = [(_load(browser, address, has_it=False), _load(browser, address, has_it=True)) for _ in range(LOADS)]
    without, with_it = (statistics.median(one[0] for one in side) for side in zip(*loads, strict=True))
    opening = statistics.median(opened for _, (_, opened) in loads)
    slowed = f"{SLOWER} times slowed down"
    return [
        Figure("main thread, the storefront loads without it", f"{without:.0f} ms", aim=slowed),
        Figure("main thread, the storefront loads with it", f"{with_it:.0f} ms", aim=slowed),
        Figure("main thread, the panel opens and greets", f"{opening:.0f} ms", aim=slowed),
    ]


def _load(browser: Browser, address: str, *, has_it: bool) -> tuple[float, float]:
    """Milliseconds of a load, and of opening the panel afterwards where there is one."""
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    if not has_it:
        page.route("**/widget.js", lambda route: route.abort())
    page.goto(address, wait_until="load")
    if has_it:
        page.locator("backhaul-chat[ready]").wait_for(state="attached")
    page.wait_for_timeout(SETTLED)
    loaded = _worked(session)
    opened = _opened(page, session) - loaded if has_it else 0.0
    page.close()
    return loaded, opened


def _opened(page: Page, session: CDPSession) -> float:
    page.evaluate("document.querySelector('backhaul-chat').open()")
    page.locator("backhaul-chat .choice").first.wait_for()
    page.wait_for_timeout(SETTLED)
    return _worked(session)


def _worked(session: CDPSession) -> float:
    """Milliseconds of script, layout and style since the page began."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * sum(metrics[name] for name in WORK)
