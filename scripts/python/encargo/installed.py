"""Which Encargo is called: its binary, its data directory, the tenant of a project, and what commands it has."""

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Optional

from encargo.manage import Refused, find_binary


@dataclass(frozen=True)
class Installed:
    """What a project says of its Encargo; None leaves it to the environment and to `encargo.toml`."""

    binary: Optional[str] = None
    data_dir: Optional[str] = None
    tenant: Optional[str] = None

    def path(self):
        """The path of the binary. Raises `Refused` where it is not there."""
        return str(find_binary(self.binary))

    def environment(self):
        """The environment of the binary."""
        return {**os.environ, "ENCARGO_DATA_DIR": self.data_dir} if self.data_dir else dict(os.environ)

    def ask(self, *words):
        """The records that a verb answers with `--json`, its summary last, and its exit code.

        Raises `Refused` where the binary is not there, cannot be started, or is another program.
        """
        path, env = self.path(), self.environment()
        try:
            asked = subprocess.run([path, *words, "--json"], env=env, stdin=subprocess.DEVNULL, capture_output=True,
                                   check=False)
            return [json.loads(record) for record in asked.stdout.splitlines()], asked.returncode
        except (OSError, ValueError) as error:
            raise Refused(f"`{path}` does not answer as Encargo's binary does: {error}",
                          f"`{path}` no responde como el binario de Encargo: {error}") from None

    def commands(self):
        """The records of all commands. Raises `Refused` with the binary's own sentence where it cannot list them."""
        records, code = self.ask("commands", "list")
        if code != 0:
            raise self.refused(records, code)
        return [record for record in records if record["type"] == "command"]

    def description(self, name):
        """The description of a command, or None where there is no such command. Raises `Refused` as `commands` does."""
        if name.startswith("-"):
            return None  # the binary would take it for an option
        records, code = self.ask("commands", "show", name)
        if code == 0:
            return records[0]["description"]
        if name not in {record["name"] for record in self.commands()}:
            return None
        raise self.refused(records, code)

    @staticmethod
    def refused(records, code):
        """The binary's own sentence for what it could not answer."""
        error = records[-1]["error"] if records else {"message": f"the binary of Encargo ended with {code}"}
        sentence = "; ".join(filter(None, (error["message"], error.get("hint"))))
        return Refused(sentence, sentence, code)


_installed = Installed()


def configure(binary=None, data_dir=None, tenant=None):
    """Settles which Encargo this process calls. Paths are absolute: who calls may have any working directory."""
    global _installed
    for name, path in (("binary", binary), ("data_dir", data_dir)):
        if path is not None and not os.path.isabs(path):
            raise ValueError(f"`{name}` of Encargo is to be an absolute path, and it is `{path}`")
    as_text = [os.fspath(path) if path is not None else None for path in (binary, data_dir)]
    _installed = Installed(*as_text, tenant)


def installed():
    """Which Encargo this process calls."""
    return _installed
