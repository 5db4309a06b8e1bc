"""One address for several servers: each connection goes to the next of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PIECE_BYTES = 65536


@dataclass(frozen=True, slots=True)
class OneAddress:
    """The port that is asked, and how many connections each server behind it was given."""

    port: int
    given: Counter[int] = field(default_factory=Counter)


@asynccontextmanager
async def one_address(*ports: int) -> AsyncIterator[OneAddress]:
    """An address before servers of this machine, for as long as the context lasts."""
    given: Counter[int] = Counter()

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = ports[given.total() % len(ports)]
        given[port] += 1
        theirs, ours = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pump(reader, ours), _pump(theirs, writer))

    server = await asyncio.start_server(passed_on, "127.0.0.1", 0)
    async with server:
        yield OneAddress(server.sockets[0].getsockname()[1], given)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE_BYTES):
        writer.write(piece)
        await writer.drain()
    writer.close()
