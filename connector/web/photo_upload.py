"""Photos as a form brings them (multipart): read whole, within limits, and believed in nothing but their bytes."""

from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Annotated

from msgspec import Struct
from pydantic import BaseModel, Field, WithJsonSchema
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from connector.services.keep_photos import MOST_AT_ONCE, MOST_BYTES
from connector.web.doors import Endpoint, Visit, application_of, read_body, run, shop_of
from connector.web.errors import BadRequest

MULTIPART = "multipart/form-data"
PHOTO = "photo"
MOST_IN_ALL = MOST_AT_ONCE * MOST_BYTES + 65_536
"""Photos of the largest size that is taken, and what a form puts around them."""
MOST_FIELDS = 8
LONGEST_FIELD = 200

File = Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})]


class Photos(BaseModel):
    """Photos of the line that was asked about, JPEG, PNG or WebP, each of at most 8 MB."""

    photo: Annotated[list[File], Field(min_length=1, max_length=MOST_AT_ONCE)]
    id: Annotated[str, Field(pattern=r"^[ -~]{1,200}$")] | None = None


class Upload(Struct, frozen=True):
    """What a form brought: the photos as they came, and its fields."""

    photos: tuple[bytes, ...]
    fields: dict[str, str]


async def read_upload(request: Request) -> Upload:
    """The photos and fields of a form; raises BadRequest, HTTPException for another kind (415) or too much (413)."""
    if not request.headers.get("content-type", "").startswith(MULTIPART):
        raise HTTPException(415)
    form = await read_parts(request, most_files=MOST_AT_ONCE, most_fields=MOST_FIELDS, longest_field=LONGEST_FIELD)
    files = [one for one in form.getlist(PHOTO) if isinstance(one, UploadFile)]
    photos = [await one.read() for one in files]
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    await form.close()
    return Upload(photos=tuple(one for one in photos if one), fields=fields)


async def read_parts(request: Request, *, most_files: int, most_fields: int, longest_field: int) -> FormData:
    """The parts of a multipart form, for the caller to close; raises BadRequest, HTTPException for too much (413)."""
    body = await read_body(request, limit=MOST_IN_ALL)
    parser = MultiPartParser(
        request.headers, _whole(body), max_files=most_files, max_fields=most_fields, max_part_size=longest_field
    )
    try:
        return await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise BadRequest("The form could not be read.") from error


def upload_page(act: Callable[[Visit, tuple[bytes, ...]], Response]) -> Endpoint:
    """An endpoint of a shop that is open to everybody and is posted photos with its fields."""

    async def endpoint(request: Request) -> Response:
        upload = await read_upload(request)
        form = {name: (value,) for name, value in upload.fields.items()}
        return await run(request, lambda: act(_visit(request, form), upload.photos))

    return endpoint


def _visit(request: Request, form: Mapping[str, tuple[str, ...]]) -> Visit:
    return Visit(app=application_of(request), shop=shop_of(request), request=request, form=form)


async def _whole(body: bytes) -> AsyncGenerator[bytes, None]:
    """A body that was read, as parsers take it."""
    yield body
