"""What the servers here share: telling `start` that they answer, and how to reach them."""

import os
import shlex


def exports(**variables):
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())


def publish(state, name, lines):
    """Writes STATE/NAME.env in one step, so that a reader never sees half of it."""
    unfinished = state / f"{name}.env.new"
    unfinished.write_text(lines)
    os.replace(unfinished, state / f"{name}.env")
