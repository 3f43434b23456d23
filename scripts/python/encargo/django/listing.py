"""The commands of the app, as modules: whatever `encargo commands list` says at the moment.

Django lists a folder with `pkgutil` and imports `management.commands.NAME` of it. Both ask the finder of that folder,
so a finder that asks Encargo serves both, and no file is written for any command.
"""

import os
import sys
from importlib.machinery import ModuleSpec

from encargo.installed import installed
from encargo.manage import Refused

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "management", "commands")


class Commands:
    """Finds a module for each command of Encargo, and loads it."""

    def iter_modules(self, prefix=""):
        """The names, for `pkgutil`. Where Encargo cannot be asked a line on stderr says so, and other commands stay."""
        try:
            names = [record["name"] for record in installed().commands()]
        except Refused as error:
            print(f"error: {error}", file=sys.stderr)
            names = []
        return [(prefix + name, False) for name in names]

    def find_spec(self, fullname, target=None):
        """The module of any name: whether there is such a command is known once it is asked for its options."""
        return ModuleSpec(fullname, self, origin=FOLDER)

    def create_module(self, spec):
        """Python's own will do."""

    def exec_module(self, module):
        """Gives the module the class that Django looks for."""
        from encargo.django.command import of_name

        module.Command = of_name(module.__name__.rpartition(".")[2])

    def invalidate_caches(self):
        """Nothing is remembered."""


def hook(path):
    """The finder of the folder of commands, for `sys.path_hooks`."""
    if os.path.abspath(path) != FOLDER:
        raise ImportError(path)
    return Commands()


def register():
    """Puts the finder in force, also where somebody looked into the folder before."""
    if hook not in sys.path_hooks:
        sys.path_hooks.insert(0, hook)
    for path in [path for path in sys.path_importer_cache if os.path.abspath(path) == FOLDER]:
        del sys.path_importer_cache[path]
