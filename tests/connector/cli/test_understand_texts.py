"""Texts in, meanings out, a line each."""

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from connector.cli.understand_texts import understand


def answers(lines: list[str]) -> tuple[int, list[dict[str, object]]]:
    result = CliRunner().invoke(understand, input="\n".join(lines).encode())
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_answered_in_order():
    code, (first, second) = answers(
        ['{"text": "I want to return order #1001, it arrived too late", "lang": "en"}', '{"text": "hello"}']
    )
    assert code == 0
    assert first == {
        "intent": "start_return",
        "alternatives": [],
        "confidence": 1.0,
        "lang": "en",
        "reason": "late",
        "slots": {"order_number": "1001"},
    }
    assert second["intent"] == "greeting"


def test_a_bad_line_is_answered_by_its_error_and_the_rest_goes_on():
    bad = ["{", "[]", '{"text": 5}', '{"text": "a", "lang": 5}', "[" * 100_000]
    code, found = answers([*bad, '{"text": "hello"}'])
    assert code == 2
    assert [set(one) for one in found[:-1]] == [{"error"}] * len(bad)
    assert found[-1]["intent"] == "greeting"


def test_no_lines_are_no_answers():
    assert answers([]) == (0, [])


def test_an_answer_comes_before_the_next_line_is_written():
    process = subprocess.Popen(
        [sys.executable, "-m", "connector", "understand"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write('{"text": "thanks"}\n')
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["intent"] == "thanks_bye"
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_why_tells_the_entries_and_the_words():
    result = CliRunner().invoke(
        understand, ["--why"], input='{"text": "Bitte meine Retoure stornieren", "lang": "de"}\n'
    )
    said = json.loads(result.stdout)
    assert said["intent"] == "cancel_return"
    assert {"for", "weight", "lang", "entry", "said"} == set(said["why"][0])
    assert any(one["for"] == "cancel_return" and one["said"] == "retoure stornieren" for one in said["why"])


def test_entries_that_never_help_are_listed_those_that_mislead_first(tmp_path: Path):
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text('{"text": "chcę anulować zwrot", "lang": "pl", "intent": "cancel_return"}\n', encoding="utf-8")
    result = CliRunner().invoke(understand, ["--idle", str(labelled)])
    idle = [json.loads(line) for line in result.stdout.splitlines()]
    assert {one["lang"] for one in idle} == {"pl"}
    assert "cancel_order" in {one["for"] for one in idle if one["wrong"]}
    assert [one["wrong"] for one in idle] == sorted((one["wrong"] for one in idle), reverse=True)


def test_a_labelled_file_with_a_bad_line_is_refused(tmp_path: Path):
    labelled = tmp_path / "labelled.jsonl"
    labelled.write_text("{", encoding="utf-8")
    result = CliRunner().invoke(understand, ["--idle", str(labelled)])
    assert result.exit_code == 2
    assert "error" in json.loads(result.stdout)
