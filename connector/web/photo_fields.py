"""Photos in the form of an inspection: kept as soon as they come, so that the form can be shown again without them."""

from collections.abc import Mapping

from msgspec.structs import replace
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.services import inspection_photos
from connector.services.errors import InvalidInput
from connector.services.roles import Action
from connector.web.doors import LONGEST_FIELD, MOST_FIELDS, Visit, checked_fields, read_form, staff_page
from connector.web.inspection_form import UNREADABLE
from connector.web.photo_upload import MULTIPART, read_parts

FILE, KEPT = "photo-", "photos-"
"""What the names of a unit's files, and of the field with those that were kept, begin with."""
JPEG = "image/jpeg"


async def read_inspection(request: Request) -> Mapping[str, tuple[str, ...]]:
    """The fields of a form that may bring photos, which stand in the request's state by the name of their field.

    Raises BadRequest, InvalidInput, HTTPException.
    """
    request.state.files = {}
    if not request.headers.get("content-type", "").startswith(MULTIPART):
        return await read_form(request)
    form = await read_parts(request, most_files=MOST_FIELDS, most_fields=MOST_FIELDS, longest_field=LONGEST_FIELD)
    files: dict[str, list[bytes]] = {}
    for name, one in form.multi_items():
        if isinstance(one, UploadFile) and (taken := await one.read()):
            files.setdefault(name, []).append(taken)
    fields = [(name, one) for name, one in form.multi_items() if isinstance(one, str)]
    await form.close()
    request.state.files = files
    return checked_fields(fields)


def with_photos(visit: Visit) -> Visit:
    """The visit with the photos that came kept, and named in the form beside those that were kept before."""
    files: Mapping[str, list[bytes]] = getattr(visit.request.state, "files", {})
    brought = {name: given for name, given in files.items() if name.startswith(FILE)}
    kept = {f"{KEPT}{name.removeprefix(FILE)}": _kept(visit, given) for name, given in brought.items()}
    named = {name: (" ".join((*visit.form.get(name, ()), *ids)),) for name, ids in kept.items()}
    return replace(visit, form={**visit.form, **named}) if named else visit


def look(visit: Visit) -> Response:
    """A photo of goods that were not taken in yet."""
    found = inspection_photos.held(visit.app, visit.shop, photo_id=visit.path("photo"))
    return Response(found, media_type=JPEG)


def _kept(visit: Visit, given: list[bytes]) -> tuple[str, ...]:
    try:
        return inspection_photos.hold(visit.app, visit.shop, given=given, actor=visit.actor)
    except InvalidInput:
        return (UNREADABLE,)


routes = [Route("/shops/{shop}/counter/photos/{photo}", staff_page(look, to=Action.RECEIVE), methods=["GET"])]
