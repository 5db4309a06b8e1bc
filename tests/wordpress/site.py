"""WordPress 6.5.5 on SQLite out of the npm package `@wp-playground/wordpress-builds`, served by PHP's own server."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "adapters" / "woocommerce" / "plugin"
PACKAGE = "@wp-playground/wordpress-builds@0.9.19"
TARBALL = "wp-playground-wordpress-builds-0.9.19.tgz"
KEPT = HERE.parents[1] / ".venv" / "wordpress"
"""The two archives of the package that are needed; fetched once for a checkout."""
ARCHIVES = (
    "package/src/wordpress/wp-6.5.zip",
    "package/src/sqlite-database-integration/sqlite-database-integration.zip",
)
EXTENSIONS = frozenset({"pdo_sqlite", "mbstring", "curl", "dom"})
WORKERS = 6
SERVER = ("php", "-q", "-d", "opcache.enable_cli=1", "-S")
FETCHED_WITHIN_SECONDS = 300
STARTED_WITHIN_SECONDS = 60
ANSWERED_WITHIN_SECONDS = 60.0
HTTP_OK = 200


def absent() -> str:
    """Why there can be no WordPress on this machine; empty when there can."""
    if shutil.which("php") is None:
        return "PHP is not installed (Debian: php-cli php-sqlite3 php-mbstring php-curl php-xml)"
    known = set(subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.lower().split())
    if not known >= EXTENSIONS:
        return f"PHP lacks {', '.join(sorted(EXTENSIONS - known))}"
    if not _is_kept() and shutil.which("npm") is None:
        return "npm, which fetches WordPress, is not installed"
    return ""


@dataclass(frozen=True)
class Site:
    """A WordPress in a folder, at an address while it is served."""

    folder: Path
    address: str = ""
    certificate: None = None

    def php(self, code: str) -> Any:
        """What a piece of PHP says within WordPress, which it returns as anything that JSON can hold."""
        if self.address:
            told = httpx.post(f"{self.address}/?stub_console=1", content=code, timeout=ANSWERED_WITHIN_SECONDS)
            assert told.status_code == HTTP_OK, told.text
            return json.loads(told.text.rpartition("\n@")[2])
        return self._alone(code)

    def _alone(self, code: str) -> Any:
        """The same in a process of its own, while nobody serves."""
        told = f"require 'wp-load.php'; echo \"\\n@\" . wp_json_encode( (static function () {{ {code} }})() );"
        done = subprocess.run(
            ["php", "-d", "display_errors=stderr", "-r", f"chdir('{self.folder}'); {told}"],
            capture_output=True, text=True, timeout=STARTED_WITHIN_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.rpartition("\n@")[2])

    def asking(self, route: str, body: Any) -> "subprocess.Popen[bytes]":
        """A PHP process of its own that asks a route of the REST API as the store's owner."""
        asked = f"""chdir('{self.folder}'); require 'wp-load.php'; wp_set_current_user( 1 );
        $request = new WP_REST_Request( 'POST', '{route}' ); $request->set_header( 'content-type', 'application/json' );
        $request->set_body( getenv( 'ASKED' ) ); rest_do_request( $request );"""
        return subprocess.Popen(
            ["php", "-r", asked], env={**os.environ, "ASKED": json.dumps(body)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    @contextmanager
    def signed_in(self, user: int) -> Iterator[httpx.Client]:
        """A browser in which a user of the site is signed in."""
        with self.visitor(key=None) as browser:
            browser.post("/?stub_console=1", content=f"wp_set_auth_cookie( {user} ); return 1;")
            yield browser

    def hold(self, where: str) -> None:
        """Let the first process that comes to a place of the stub stay there."""
        self.php(f"return update_option( 'stub_hold_{where}', '1' );")

    def is_held(self, where: str) -> bool:
        """Whether one is there."""
        return (self.folder / "wp-content" / f"stub_at_{where}").exists()

    def let_go(self, where: str) -> None:
        """Let it go on."""
        (self.folder / "wp-content" / f"stub_at_{where}").unlink()

    def visitor(self, *, key: str | None = "ck_stub") -> httpx.Client:
        """Somebody who asks this site, with the stub's key unless told otherwise."""
        auth = httpx.BasicAuth(key, "cs_stub") if key else None
        return httpx.Client(base_url=self.address, auth=auth, timeout=ANSWERED_WITHIN_SECONDS, follow_redirects=True)


def built_site(folder: Path, *, plugin: Path = PLUGIN) -> Site:
    """A WordPress with the stub and our plugin switched on, nothing else."""
    _fetch()
    with zipfile.ZipFile(KEPT / "wp-6.5.zip") as archive:
        archive.extractall(folder)
    plugins = folder / "wp-content" / "plugins"
    with zipfile.ZipFile(KEPT / "sqlite-database-integration.zip") as archive:
        archive.extractall(plugins)
    driver = plugins / "sqlite-database-integration"
    (plugins / "sqlite-database-integration-main").rename(driver)
    said = (driver / "db.copy").read_text()
    said = said.replace("{SQLITE_IMPLEMENTATION_FOLDER_PATH}", str(driver))
    (folder / "wp-content" / "db.php").write_text(
        said.replace("{SQLITE_PLUGIN}", "sqlite-database-integration/load.php")
    )
    shutil.copytree(HERE / "stub", plugins / "woocommerce")
    shutil.copytree(plugin, plugins / "backhaul-returns")
    config = folder / "wp-config.php"
    quiet = "<?php define( 'DISABLE_WP_CRON', true ); define( 'WP_HTTP_BLOCK_EXTERNAL', false ); ?>"
    config.write_text(quiet + config.read_text())
    site = Site(folder)
    for name in ("woocommerce/woocommerce.php", "backhaul-returns/backhaul-returns.php"):
        site.php(f"require_once ABSPATH . 'wp-admin/includes/plugin.php'; return activate_plugin( '{name}' );")
    return site


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """The site on a free port of this machine, with several workers."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    options = {"siteurl": address, "home": address, "permalink_structure": "/%postname%/"}
    for name, value in options.items():
        site.php(f"return update_option( '{name}', '{value}' );")
    site.php("flush_rewrite_rules(); return 1;")
    log = (site.folder / "server.log").open("w")
    server = subprocess.Popen(
        [*SERVER, f"127.0.0.1:{port}", "-t", str(site.folder), str(HERE / "router.php")],
        env={**os.environ, "PHP_CLI_SERVER_WORKERS": str(WORKERS)},
        stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        _await(port)
        yield Site(site.folder, address)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        log.close()


def _is_kept() -> bool:
    return all((KEPT / Path(name).name).is_file() for name in ARCHIVES)


def _fetch() -> None:
    """Several test processes may want it at once: one fetches, the others wait for it."""
    if _is_kept():
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_kept():
            _download()


def _download() -> None:
    command = ["npm", "pack", "--silent", PACKAGE]
    subprocess.run(command, cwd=KEPT, timeout=FETCHED_WITHIN_SECONDS, check=True, capture_output=True)
    subprocess.run(["tar", "xzf", TARBALL, "--strip-components=3", *ARCHIVES], cwd=KEPT, check=True)
    (KEPT / TARBALL).unlink()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _await(port: int) -> None:
    ends = time.monotonic() + STARTED_WITHIN_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < ends, "PHP did not begin to serve"
            time.sleep(0.05)
        else:
            return
