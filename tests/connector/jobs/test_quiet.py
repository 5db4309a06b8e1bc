"""The engine's library speaks through our log only, and to nobody outside."""

import subprocess
import sys
from pathlib import Path

from tests.connector.jobs.conftest import House

LISTENING = """
import sys

def hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind"):
        print(event, arguments)

sys.addaudithook(hear)
from tests.connector.jobs import worker_process
worker_process.main(sys.argv[1], worker_process.Diary(worker_process.Path(sys.argv[2])), 60)
"""


def test_a_worker_says_nothing_and_calls_nobody(house: House, tmp_path: Path):
    house.enqueue("three")
    process = subprocess.Popen(
        [sys.executable, "-c", LISTENING, house.database.url, str(house.diary.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    house.wait_for(lambda: bool(house.jobs("done")) or process.poll() is not None)
    said, _ = process.communicate(timeout=20)
    assert [line for line in said.splitlines() if "127.0.0.1" not in line] == []
    assert house.jobs("done")
