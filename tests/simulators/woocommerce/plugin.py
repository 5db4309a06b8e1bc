"""Our own plugin in the store: it answers as under a real WordPress (tests/wordpress), with keys and a lock."""

import fcntl
from pathlib import Path

from tests.simulators.woocommerce import refunds
from tests.simulators.woocommerce.answer import Answer, Refused, no_route, now
from tests.simulators.woocommerce.books import Books, Document, new_id

ROOT = "/wp-json/wc-backhaul/v1"
VERSION = "1.0.0"
REFUND = ("amount", "reason", "api_refund", "line_items", "meta_data")


def answer(books: Books, *, method: str, path: str, body: Document) -> Answer:
    """What the plugin answers; where it is not there, nothing does."""
    if not books.read().get("plugin"):
        raise no_route()
    what, _, key = path.removeprefix(f"{ROOT}/").partition("/")
    if (method, what, key) == ("GET", "status", ""):
        acts = ["refund", "restock"]
        return Answer({"plugin": "backhaul-returns", "version": VERSION, "shop": "demo", "acts": acts})
    if method == "POST" and what == "refunds":
        _refund(books, key, body)
    elif method == "POST" and what == "restocks":
        _restock(books, key, body)
    elif (method, what) != ("GET", "acts"):
        raise no_route()
    return _told(books, key)


def _told(books: Books, key: str) -> Answer:
    act = books.read()["acts"].get(key)
    if act is None:
        raise Refused(404, "backhaul_no_such_act", "Nothing was asked under that key.")
    return Answer({"key": key, **{name: act[name] for name in ("kind", "turn", "state", "outcome")}})


def _refund(books: Books, key: str, body: Document) -> None:
    """One at a time for an order; the lock outlives no process that holds it, as a row's lease would not."""
    order_id, turn = str(body["order_id"]), body.get("turn", 1)
    with Path(f"{books.path}.order-{order_id}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _claimed(books, key, kind="refund", turn=turn, essence=f"{order_id}:{body['amount']}"):
            return
        try:
            asked = {name: body[name] for name in REFUND if name in body}
            made = refunds.create(books, order_id, {**asked, "api_restock": False})
        except Refused as refused:
            _ended(books, key, state="refused", outcome={"message": refused.answer.body["message"]})
        else:
            shown = ("id", "amount", "reason", "refunded_payment", "date_created_gmt")
            _ended(books, key, state="done", outcome={name: made.body[name] for name in shown})


def _claimed(books: Books, key: str, *, kind: str, turn: int, essence: str) -> bool:
    with books.change() as state:
        known = state["acts"].get(key)
        if known and known["essence"] != essence:
            raise Refused(409, "backhaul_key_used", "That key was used for another refund.")
        if known and not (known["state"] == "refused" and turn == known["turn"] + 1):
            return False
        state["acts"][key] = {"kind": kind, "turn": turn, "state": "under_way", "outcome": None, "essence": essence}
        return True


def _ended(books: Books, key: str, *, state: str, outcome: Document) -> None:
    with books.change() as kept:
        kept["acts"][key] |= {"state": state, "outcome": outcome}


def _restock(books: Books, key: str, body: Document) -> None:
    """Number, mark and outcome in one change."""
    with books.change() as state:
        if key in state["acts"]:
            return
        for line in body["lines"]:
            _raise(state, key, line)
        outcome = {"date_created_gmt": f"{now():%Y-%m-%dT%H:%M:%S}"}
        state["acts"][key] = {"kind": "restock", "turn": 1, "state": "done", "outcome": outcome, "essence": ""}


def _raise(state: Document, key: str, line: Document) -> None:
    wanted = str(line["product_id"])
    shelves = [state["products"], *state["variations"].values()]
    for found in (shelf[wanted] for shelf in shelves if wanted in shelf):
        if found["manage_stock"] is True:
            found["stock_quantity"] += line["quantity"]
            mark = {"id": new_id(state), "key": "_backhaul_restocked", "value": f"{key}:{wanted}"}
            found["meta_data"].append(mark)
