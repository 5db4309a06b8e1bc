"""A stranger finds the file for any change at the first guess."""

import re
import subprocess
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "connector", "domain", "webhooks")
PARALLEL = {"__init__", "__main__", "errors", "env"}
CHANNELS = ("shopify", "woocommerce", "store")
RECORDS = {"Struct", "field", "fields", "replace"}
MSGSPEC = re.compile(r"^(?:from msgspec[.\w]* import (?P<names>.*)|import msgspec.*)$", re.MULTILINE)
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "data"}


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "versions" not in path.parts]


def test_no_other_distribution_installs_one_of_our_package_names():
    owners = packages_distributions()
    assert {name: set(owners.get(name, ())) - {"backhaul"} for name in PACKAGES} == {name: set() for name in PACKAGES}


def test_every_folder_with_python_is_a_real_package():
    folders = {path.parent for path in modules()}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_file_names_are_unique_but_for_the_parallel_files_of_channels():
    names = Counter(
        path.stem for path in modules() if path.stem not in PARALLEL and not set(CHANNELS) & set(path.parts)
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("path", sorted((ROOT / "domain").rglob("*.py")), ids=lambda path: path.stem)
def test_the_domain_takes_nothing_of_msgspec_but_its_records(path: Path):
    taken = [found["names"] or "msgspec" for found in MSGSPEC.finditer(path.read_text(encoding="utf-8"))]
    assert {name for names in taken for name in names.split(", ")} <= RECORDS


def test_no_file_has_a_vague_name():
    assert [str(path) for path in modules() if path.stem in VAGUE] == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_left_to_do_in_silence(path: Path):
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", path.read_text(encoding="utf-8"))


def test_no_tracked_file_names_a_registry_or_a_path_of_the_machine_it_was_written_on():
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js.org", "deb." + "debian", "/wor" + "k/", "/root" + "/")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    texts = [(name, ROOT / name) for name in listed if name and (ROOT / name).is_file()]
    found = [(name, host) for name, path in texts for host in hosts if host.encode() in path.read_bytes()]
    assert found == []
