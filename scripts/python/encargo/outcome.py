"""Why a command failed: a sentence, the error's code and a hint, of what it printed and what the host recorded."""

import json
import re

# The codes of errors of which nothing else is known; a run that was refused before it began is not recorded.
CODES = {1: "failed", 2: "usage", 3: "partial", 4: "problems", 5: "verification-failed", 10: "not-found",
         11: "lock-held", 12: "wrong-key", 13: "refused", 14: "denied", 124: "timeout", 130: "interrupted",
         143: "terminated"}
ERROR = "error: "  # the same word in both languages
HINTS = ("hint: ", "sugerencia: ")
LOOKED_AT = 20  # newest runs of the command among which its own is looked for


def failure_of(here, name, returncode, output, errors):
    """The message, code and hint of a command that ended with `returncode`."""
    said = summary_of(output)
    if said is None:
        message, hint = printed(errors)
        said = recorded(here, name, returncode, message) or {}
        said = {"code": said.get("code"), "message": message, "hint": hint or said.get("hint")}
    message = said.get("message") or meaning(here, name, returncode)
    return message, said.get("code") or CODES.get(returncode, "failed"), said.get("hint")


def meaning(here, name, returncode):
    """What an exit code means: what there is to say of a run that reports and has no error, such as a partial one."""
    records, code = here.ask(name, f"--explain-exit={returncode}")
    return records[0]["meaning"] if code == 0 else f"{name} ended with exit code {returncode}"


def summary_of(output):
    """The error of a JSON summary; None where the output is not one of `json=True`."""
    try:
        summary = json.loads((output or "").rstrip("\n").rpartition("\n")[2])
    except ValueError:
        return None
    if isinstance(summary, dict) and summary.get("type") == "summary" and "exit_code" in summary:
        return summary.get("error") or {}
    return None


def printed(errors):
    """The last error on stderr and its hint."""
    message = hint = None
    for line in re.sub(r"\x1b\[[0-9;]*m", "", errors).splitlines():
        if line.startswith(ERROR):
            message, hint = line[len(ERROR):], None
        for label in HINTS:
            if line.startswith(label):
                hint = line[len(label):]
    return message, hint


def recorded(here, name, returncode, message):
    """The error of the newest recorded run that ended like this one, saying the same; None where there is none."""
    if message is None:
        return None
    records, code = here.ask("runs", "list", f"--command={name}", f"--limit={LOOKED_AT}")
    for record in records if code == 0 else []:
        error = record.get("error") or {}
        if record.get("exit_code") == returncode and error.get("message") == message:
            return error
    return None
