"""The rules of the house that Python does not keep by itself."""

import ast
import unittest

from tests.scene import CHECKOUT

OLDEST = (3, 9)  # the Python that the package promises to run on
LONGEST_LINE, LONGEST_FILE = 120, 400


class House(unittest.TestCase):
    def test_every_file_says_what_lives_in_it_and_is_not_long(self):
        files = sorted((CHECKOUT / "scripts/python").glob("**/*.py"))
        self.assertGreater(len(files), 20)
        for path in files:
            with self.subTest(str(path.relative_to(CHECKOUT))):
                text = path.read_text(encoding="utf-8")
                tree = ast.parse(text, feature_version=OLDEST)
                self.assertTrue(ast.get_docstring(tree), "it does not say what lives in it")
                lines = text.splitlines()
                self.assertLessEqual(len(lines), LONGEST_FILE)
                self.assertEqual([at for at, line in enumerate(lines, 1) if len(line) > LONGEST_LINE], [])

    def test_whatever_people_call_is_documented(self):
        for path in sorted((CHECKOUT / "scripts/python/encargo").glob("**/*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("__"):
                    self.assertTrue(ast.get_docstring(node) or node.name == "ask", f"{path.name}: {node.name}")
