"""`backhaul` and `python -m connector`: the command line, with every refusal as one clear line."""

import sys

from connector.cli.root import root

BAD_INPUT = 2
FAILED = 1


def main() -> None:
    """Run the command that was asked for."""
    try:
        root.main(standalone_mode=True)
    except Exception as error:
        code = _code(error)
        if code is None:
            raise
        sys.stderr.write(f"backhaul: {error}\n")
        sys.exit(code)


def _code(error: Exception) -> int | None:
    """The exit code of a refusal that has words of its own; None for a fault of ours."""
    from connector.secrets_file import UnsafeSecrets
    from connector.services.errors import ServiceError
    from connector.settings import BadSetting
    from domain.errors import DomainError

    if isinstance(error, BadSetting | UnsafeSecrets):
        return BAD_INPUT
    return FAILED if isinstance(error, ServiceError | DomainError) else None


if __name__ == "__main__":
    main()
