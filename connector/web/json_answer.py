"""Answers in JSON, written as everything else is."""

from starlette import responses

from connector.json_text import written


class JSONResponse(responses.JSONResponse):
    """Starlette's answer, written by msgspec: a tenth of the time that the standard library takes."""

    def render(self, content: object) -> bytes:
        """The content as JSON in UTF-8."""
        return written(content)
