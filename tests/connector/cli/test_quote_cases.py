"""`backhaul quote`: cases in, quotes out, and exit codes that say whether all could be read."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from connector.cli.quote_cases import quote
from tests.connector.odd_cases import odd_cases

CASE = {
    "now": "2026-10-10T12:00:00Z",
    "order": {
        "currency": "EUR",
        "placed_at": "2026-10-01T12:00:00Z",
        "lines": [{"id": "a", "quantity": 1, "unit_price": "10.00", "title": "Größe", "fulfilled": [{"quantity": 1}]}],
        "payments": [{"id": "p", "amount": "10.00"}],
    },
    "items": [{"line_id": "a", "quantity": 1}],
}
GOOD = json.dumps(CASE)
BAD = json.dumps(CASE | {"items": []})


def run(text, *options):
    ended = CliRunner().invoke(quote, options, input=text)
    return ended.exit_code, [json.loads(line) for line in ended.stdout.splitlines()]


def test_a_case_is_answered_with_its_quote():
    code, (answer,) = run(json.dumps(CASE, indent=2))
    assert (code, answer["total"]) == (0, "10.00")


def test_a_malformed_case_is_answered_with_its_error_and_exit_code_2():
    code, (answer,) = run(BAD)
    assert (code, answer) == (2, {"error": {"code": "malformed", "message": "asks for nothing", "at": "items"}})


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "[]",
        "null",
        "{} {}",
        '{"now": NaN}',
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"now": ' + "9" * 5000 + "}",
        b"\xff\xfe\xfd",
    ],
)
def test_what_is_no_json_object_is_malformed(text):
    code, (answer,) = run(text)
    assert (code, answer["error"]["code"]) == (2, "malformed")


def test_with_lines_every_case_is_answered_on_its_own_line():
    code, answers = run(f"{GOOD}\n{BAD}\n\nnot json\n{GOOD}", "--lines")
    assert code == 2
    assert [answer.get("total", "error") for answer in answers] == ["10.00", "error", "error", "10.00"]


def test_with_lines_all_well_formed_the_exit_code_is_0():
    assert run(f"{GOOD}\n{GOOD}\n", "--lines")[0] == 0


def test_of_thousands_of_odd_cases_each_is_quoted_or_refused_on_its_own_line():
    documents = [document for _, document in odd_cases()]
    code, answers = run(b"\n".join(documents) + b"\n", "--lines")
    assert (code, len(answers)) == (2, len(documents))
    assert all(("total" in answer) != ("error" in answer) for answer in answers)


def test_a_line_is_answered_before_the_next_is_read():
    command = [sys.executable, "-m", "connector.cli.quote_cases", "--lines"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(2):
            process.stdin.write(GOOD + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["total"] == "10.00"
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_the_command_starts_without_the_web_and_without_storage():
    heavy = "{'starlette', 'sqlalchemy', 'dbos', 'pydantic', 'httpx', 'holidays', 're2'} & set(sys.modules)"
    code = f"import sys, connector.cli.quote_cases; print({heavy})"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"


def test_the_proof_is_added_for_who_asks():
    code, (said,) = run(GOOD, "--explain")
    assert code == 0
    assert {"figure", "amount", "how", "inputs", "because"} == set(said["proof"][0])
