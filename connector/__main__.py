"""`backhaul` and `python -m connector`: the command line, with every refusal as one clear line."""

import os
import sys

from connector.cli.root import root


def main() -> None:
    """Run the command that was asked for; exit code 2 for what it was given, 1 for what it could not do."""
    # pydantic reads the metadata of every installed package for plugins, 20 ms of a start; none is wanted.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        root.main(standalone_mode=True)
    except Exception as error:
        from connector.cli.exit_codes import ending

        said = ending(error)
        if said is None:
            raise
        sys.stderr.write(f"Error: {said.line}\n")
        sys.exit(said.exit_code)


if __name__ == "__main__":
    main()
