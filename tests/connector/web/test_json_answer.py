"""Answers in JSON hold what they are given, in the form that programs and the widget read."""

import json
from types import MappingProxyType

from connector.web.json_answer import JSONResponse


def test_an_answer_is_json_in_utf_8_without_spaces():
    answer = JSONResponse({"text": "zurück ✓", "items": [1, None]}, 201)
    assert answer.body == '{"text":"zurück ✓","items":[1,null]}'.encode()
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")


def test_half_of_a_character_is_told_as_an_escape():
    assert json.loads(JSONResponse({"text": "\ud83d"}).body) == {"text": "\ud83d"}


def test_what_only_reads_like_an_object_becomes_one():
    assert JSONResponse(MappingProxyType({"a": 1})).body == b'{"a":1}'
