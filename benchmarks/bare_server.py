"""What the inbox is held against: a bare Starlette route that reads the body and answers 200.

usage: python -m benchmarks.bare_server PORT
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def taken(request: Request) -> Response:
    """200, and what was read is forgotten."""
    await request.body()
    return Response()


app = Starlette(routes=[Route("/", taken, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_config=None, access_log=False)
