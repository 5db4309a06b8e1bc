"""A program that somebody else could have written: it opens and settles a return by a client that was generated.

usage: python program_of_somebody.py FOLDER_OF_THE_CLIENT ADDRESS TOKEN
"""

import importlib
import sys
import time
from typing import Any

SHOP, ORDER = "demo", "o1"


def main(folder: str, address: str, token: str) -> None:
    sys.path.insert(0, folder)
    client = importlib.import_module("backhaul_client").AuthenticatedClient(base_url=address, token=token)
    models = importlib.import_module("backhaul_client.models")

    def ask(name: str, *parts: str, **more: Any) -> Any:
        answer = importlib.import_module(f"backhaul_client.api.default.{name}").sync(*parts, client=client, **more)
        assert not isinstance(answer, models.Problem), answer
        return answer

    item = models.Item(line_id="l1", quantity=1, reason="style")
    asked = models.NewQuote(order_id=ORDER, items=[item])
    quote = ask("make_quote", SHOP, body=asked, idempotency_key="quote")
    wish = models.NewReturn(order_id=ORDER, items=[item], quote_id=quote.id)
    opened = [ask("open_return", SHOP, body=wish, idempotency_key="open") for _ in range(2)]
    assert opened[0] == opened[1]
    rma = opened[0].id
    found = [models.Found(group_id=group.id, grade=models.FoundGradeType0.A) for group in opened[0].groups]
    shown = ask("grade_return", SHOP, rma, body=models.Inspected(inspections=found), idempotency_key="grade")
    arrived = models.Arrived(inspections=found, quote_id=shown.quote_id)
    ask("receive_return", SHOP, rma, body=arrived, idempotency_key="receive")
    ends = time.monotonic() + 30
    while ask("get_return", SHOP, rma).status != "done":
        assert time.monotonic() < ends, "the return was not settled"
        time.sleep(0.2)
    sys.stdout.write(rma)


if __name__ == "__main__":
    main(*sys.argv[1:])
