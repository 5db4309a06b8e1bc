"""Jobs that write down what they do, in a file that outlives their process."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adapters.errors import ChannelSlow

Payload = Mapping[str, object]


@dataclass(frozen=True)
class Diary:
    path: Path

    def write(self, line: str) -> str:
        with self.path.open("a", encoding="utf-8") as diary:
            diary.write(line + "\n")
        return line

    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []

    def catalogue(self) -> dict[str, object]:
        return {"three": self.three, "slow": self.slow, "broken": self.broken}

    def three(self, app, shop, *, step, payload: Payload) -> None:
        """Three steps; the second takes as long as it is told."""

        def second() -> str:
            self.write(f"begun {payload['n']}")
            time.sleep(float(str(payload.get("seconds", 0))))
            return self.write(f"second {payload['n']}")

        step("first", lambda: self.write(f"first {payload['n']}"))
        step("second", second)
        step("third", lambda: self.write(f"third {payload['n']}"))

    def slow(self, app, shop, *, step, payload: Payload) -> None:
        """A channel that answers at the time that it is told."""

        def ask() -> str:
            self.write("asked")
            if self.lines().count("asked") < int(str(payload["answers_at"])):
                raise ChannelSlow("later")
            return self.write("answered")

        step("ask", ask)

    def broken(self, app, shop, *, step, payload: Payload) -> None:
        def fail() -> None:
            self.write("tried")
            raise ValueError("this cannot be done")

        step("fail", fail)
