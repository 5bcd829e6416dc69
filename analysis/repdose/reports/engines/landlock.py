"""Linux's Landlock: a process gives up, for good, the right to change files elsewhere.

The three system calls as the kernel documents them (Documentation/userspace-api/landlock.rst;
landlock_create_ruleset(2), landlock_add_rule(2), landlock_restrict_self(2)). No binding to them
has left its trial stage, and this is all that is needed of one: rights to change files.

What is restricted is the thread that calls, and whatever it starts from then on: threads,
processes, other programs. It can neither be lifted nor passed by, by whatever name or handle a
file is reached. Reading is not restricted, nor what only says something of a file: mode, owner,
times and extended attributes, for which Landlock has no rights.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Mapping
from functools import cache

# Numbers of the system calls, the same on all processors since Linux 5.13
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # flag of the first: say the version of the interface, make nothing
_PATH_BENEATH = 1  # kind of a rule: rights to a file, or to a folder and all below it
_NO_NEW_PRIVILEGES = 38  # of prctl(2): without it a process may not restrict itself

WRITE_FILE, REMOVE_DIR, REMOVE_FILE = 1 << 1, 1 << 4, 1 << 5
MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK = 1 << 6, 1 << 7, 1 << 8, 1 << 9
MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = 1 << 10, 1 << 11, 1 << 12
REFER, TRUNCATE = 1 << 13, 1 << 14

_MAKING = MAKE_CHAR | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_BLOCK | MAKE_SYM
#: Every right to change what a folder holds.
EVERY_CHANGE = WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | _MAKING | REFER
#: The rights that a rule for what is no folder may have.
OF_A_FILE = WRITE_FILE | TRUNCATE
# Rights that came after the first version, by the version that has them
_SINCE = {REFER: 2, TRUNCATE: 3}


def restrict(allowed: Mapping[str, int]) -> bool:
    """From now on refuse to change any file but those `allowed`, where the system can do that.

    Parameters
    ----------
    allowed : mapping of str to int
        Rights, by the path of what they are given for; a path that is not there is left out.

    Returns
    -------
    bool
        Whether it is so now: not on other systems, on Linux before 5.13, or where Landlock is
        left out of the kernel or forbidden by a container.
    """
    if sys.platform != "linux":
        return False
    version = _call(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return False
    handled = EVERY_CHANGE
    for right, since in _SINCE.items():
        if version < since:
            handled &= ~right
    # struct landlock_ruleset_attr, as far as its first version goes: rights to files
    rules = _call(_CREATE_RULESET, struct.pack("=Q", handled), 8, 0)
    if rules < 0:
        return False
    try:
        for path, rights in allowed.items():
            if not _allow(rules, path, rights & handled):
                return False
        no_more = _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(no_more == 0 and _call(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, rights: int) -> bool:
    """Add a rule; whether it was taken."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # a container may have no /dev/shm
        return True
    try:
        # struct landlock_path_beneath_attr, which is packed
        rule = struct.pack("=Qi", rights, handle)
        return _call(_ADD_RULE, rules, _PATH_BENEATH, rule, 0) == 0
    finally:
        os.close(handle)


def _call(number: int, *arguments: int | bytes | None) -> int:
    """Result of a system call; -1 if it failed."""
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    return int(_libc().syscall(ctypes.c_long(number), *given))


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None)
    libc.syscall.restype = ctypes.c_long
    return libc
