"""Encargo's commands from Python, as Django's are: `call_command("cleanup_old_data", days=30)`."""

from encargo.calling import CommandError, call_command
from encargo.installed import configure

__all__ = ["CommandError", "call_command", "configure"]
