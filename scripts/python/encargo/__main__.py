"""`python -m encargo` is `manage.py` of whoever installed the wheel: `python -m encargo --install PATH`."""

import sys

from encargo.manage import main

sys.exit(main(sys.argv[1:]))
