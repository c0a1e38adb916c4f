"""Programs that a server here starts: they end when it ends, however it does."""

import atexit
import ctypes
import pathlib
import shutil
import signal
import socket
import subprocess

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def start(*command, **options):
    """Starts a program that is ended at exit, and by the kernel if there is none. To be called from the main thread."""
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=end_with_parent, **options)
    atexit.register(end, program)
    return program


def end(program):
    program.kill()
    program.wait()


def end_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    """A port of loopback that was free a moment ago, for programs that cannot tell which one the kernel gave them."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def empty_folder(path):
    """A folder with nothing in it of the run before."""
    path = pathlib.Path(path)
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path
