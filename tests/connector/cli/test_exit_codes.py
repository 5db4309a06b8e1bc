"""A command that cannot go on says so in one line; exit code 2 is for what it was given, 1 for what it could not do."""

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from connector.cli.exit_codes import Ending, ending
from connector.secrets_file import UnsafeSecrets
from connector.services.errors import Conflict, InvalidInput
from connector.settings import BadSetting
from domain.errors import Malformed, NotSupported
from tests.connector.cli.processes import an_install


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BadSetting("PORT: must be a number"), Ending("PORT: must be a number", 2)),
        (UnsafeSecrets("make it private"), Ending("make it private", 2)),
        (InvalidInput("A shop needs a name.", at="name"), Ending("name: A shop needs a name.", 2)),
        (Malformed("must not be negative", at="days"), Ending("days: must not be negative", 2)),
        (Malformed("must be an object"), Ending("must be an object", 2)),
        (Conflict("There is a shop already."), Ending("There is a shop already.", 1)),
        (NotSupported("Not yet."), Ending("Not yet.", 1)),
        (
            OperationalError("SELECT", {}, Exception("it is away\nhint")),
            Ending("The database cannot be used: it is away", 1),
        ),
        (PermissionError(13, "Permission denied", "/srv"), Ending("Permission denied: /srv", 1)),
        (OSError(28, "No space left on device"), Ending("No space left on device", 1)),
        (RuntimeError("a fault of ours"), None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_every_refusal_has_its_line_and_its_exit_code(error: Exception, said: Ending | None):
    assert ending(error) == said


@pytest.mark.parametrize(
    ("environment", "code", "line"),
    [
        ({"PORT": "eighty"}, 2, "Error: PORT: "),
        ({"DATABASE_URL": "mysql://ann:hidden@db/x"}, 2, "Error: DATABASE_URL: must begin with sqlite:/// or"),
        ({"DATABASE_URL": "postgresql://ann:hidden@127.0.0.1:1/x"}, 1, "Error: The database cannot be used: "),
        ({"BACKHAUL_FOLDER": "/proc/nowhere"}, 1, "Error: No such file or directory: /proc/nowhere"),
    ],
    ids=["a bad setting", "an unknown database", "a database that is away", "a folder that cannot be made"],
)
def test_the_program_says_one_line_without_a_trace(tmp_path: Path, environment: dict[str, str], code: int, line: str):
    ended = an_install(tmp_path).run("migrate", **environment)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (code, "", 1)
    assert ended.stderr.startswith(line)
    assert "hidden" not in ended.stderr
