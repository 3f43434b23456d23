"""Runs the tests, or those with one of the given parts in their names, and counts them in the last line."""

import sys
import unittest
from pathlib import Path


def tests_of(suite):
    """The single tests of a suite."""
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from tests_of(part)
        else:
            yield part


def main(parts):
    """Runs them; the exit code is 1 where one failed."""
    here = Path(__file__).resolve().parent
    found = unittest.defaultTestLoader.discover(str(here), top_level_dir=str(here.parent))
    wanted = [test for test in tests_of(found) if not parts or any(part in test.id() for part in parts)]
    result = unittest.TextTestRunner(stream=sys.stderr, verbosity=2 if parts else 1).run(unittest.TestSuite(wanted))
    skipped = {test.id() for test, _ in result.skipped}
    # A test with several failing parts is one; a class that could not be made ready failed all of its tests.
    failed = {getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors}
    passed = result.testsRun - len(failed & {test.id() for test in wanted}) - len(skipped)
    print(f"{passed} passed, {len(wanted) - passed - len(skipped)} failed, {len(skipped)} skipped")
    return 0 if result.wasSuccessful() else 1


sys.exit(main(sys.argv[1:]))
