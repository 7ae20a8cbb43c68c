"""The program itself, but that FAULT_LOOKS says how often it looks at a server that settles."""

import os
import sys

from indexer.cli import main
from indexer.loader import settling

if __name__ == "__main__":
    settling.BETWEEN_LOOKS = float(os.environ["FAULT_LOOKS"])
    sys.exit(main(sys.argv[1:]))
