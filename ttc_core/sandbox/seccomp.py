"""The filter of system calls as the kernel's small programs (classic BPF); knows nothing of boxes.

A program decides by the number of a call, and by its arguments where they are plain numbers. Of the calls that Linux
has gained since 2019, io_uring's among them, and will yet gain, a few are let through and the others do not exist.
"""

from __future__ import annotations

import struct
from typing import Final

PERMISSION: Final = 1
"""EPERM: how a forbidden call fails."""
NOTHING: Final = 0
"""How a call does nothing and yet says that all is well."""
UNKNOWN: Final = 38
"""ENOSYS: how a call fails that this kernel does not have; programs then take an older one."""

MACHINES: Final = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""By machine: its audit number, and its column in the tables below."""

FORBIDDEN: Final[dict[str, tuple[int, int]]] = {
    # looking into other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    # making a world of one's own
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "personality": (135, 92),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # the machine
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "init_module": (175, 105),
    "delete_module": (176, 106),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "quotactl": (179, 60),
    "acct": (163, 89),
    "adjtimex": (159, 171),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "modify_ldt": (154, -1),
    "uselib": (134, -1),
    "lookup_dcookie": (212, 18),
    "ioprio_set": (251, 30),
    # parts of the kernel that broke often and that a program of this size does without
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "seccomp": (317, 277),
    "vmsplice": (278, 75),
    "io_setup": (206, 0),
    "io_destroy": (207, 1),
    "io_getevents": (208, 4),
    "io_submit": (209, 2),
    "io_cancel": (210, 3),
    "io_pgetevents": (333, 292),
    "remap_file_pages": (216, 234),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "get_mempolicy": (239, 236),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # memory that no limit counts
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "shmctl": (31, 195),
    "shmat": (30, 196),
    "semget": (64, 190),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "semop": (65, 193),
    "msgget": (68, 186),
    "msgctl": (71, 187),
    "msgrcv": (70, 188),
    "msgsnd": (69, 189),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
}
"""Numbers on x86_64 and aarch64; -1 where a machine has no such call."""

CLONE: Final = (56, 220)
NEW_NAMESPACE: Final = 0x7E020000
"""Any of clone's flags that ask for a namespace."""
SOCKET: Final = (41, 198)
SOCKETPAIR: Final = (53, 199)
IOCTL: Final = (16, 29)
OWN_SOCKETS: Final = (1, 2, 10)
"""AF_UNIX, AF_INET, AF_INET6. Others, such as AF_VSOCK and AF_ALG, know no network namespace."""
TYPE_FOR_OTHERS: Final = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX: put characters into somebody's terminal."""

SETSOCKOPT: Final = (54, 208)
SOL_SOCKET: Final = 1
BUFFERS: Final = (7, 8)
"""SO_SNDBUF, SO_RCVBUF: megabytes of the kernel that no limit of ours counts. Who asks for them is told yes."""

ON_ITSELF: Final = {
    "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
}
"""What a process may do to itself (process 0) and to no other: the first of the box is of the same user."""
SETPRIORITY: Final = (141, 140)

LAST_OLD: Final = (334, 294)
FIRST_NEW: Final = 424
"""From here on all machines number alike; in between there was nothing when the filter was written."""
NEW: Final = (424, 434, 436, 437, 439, 441, 449, 452, 454, 455, 456)
"""pidfd_send_signal, pidfd_open, close_range, openat2, faccessat2, epoll_pwait2, fchmodat2 and the futexes."""

LOAD, EQUAL, ABOVE, ANY_BIT, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
NUMBER_AT, MACHINE_AT, ARGUMENTS_AT = 0, 4, 16
ALLOW, FAIL_WITH, KILL = 0x7FFF0000, 0x00050000, 0x80000000

Step = tuple[int, int, int, int]
"""Operation, how many steps to skip where it holds, how many where not, and what to compare with."""


def program(machine: str) -> bytes:
    """The filter for this machine (as `platform.machine()` says it). KeyError where none was written."""
    audit, column = MACHINES[machine]
    steps: list[Step] = [
        (LOAD, 0, 0, MACHINE_AT),
        (EQUAL, 1, 0, audit),
        (RETURN, 0, 0, KILL),  # calls of another machine, such as 32-bit ones, have other numbers
        (LOAD, 0, 0, NUMBER_AT),
        *(step for number in NEW for step in ((EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW))),
        (ABOVE, 0, 1, LAST_OLD[column]),  # here too fall x86's calls of the x32 kind, and clone3 with its hidden flags
        (RETURN, 0, 0, FAIL_WITH | UNKNOWN),
    ]
    for numbers in FORBIDDEN.values():
        if numbers[column] >= 0:
            steps += [(EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, FAIL_WITH | PERMISSION)]
    steps += on_argument(CLONE[column], 0, [(ANY_BIT, 0, 1, NEW_NAMESPACE), (RETURN, 0, 0, FAIL_WITH | PERMISSION)])
    steps += on_argument(IOCTL[column], 1, refuse(TYPE_FOR_OTHERS))
    of_all_sockets: list[Step] = [(EQUAL, 1, 0, SOL_SOCKET), (RETURN, 0, 0, ALLOW), load(2)]
    steps += on_argument(SETSOCKOPT[column], 1, [*of_all_sockets, *refuse(BUFFERS, NOTHING)])
    steps += on_argument(SOCKET[column], 0, allow_only(OWN_SOCKETS))
    steps += on_argument(SOCKETPAIR[column], 0, allow_only(OWN_SOCKETS[:1]))
    for numbers in ON_ITSELF.values():
        steps += on_argument(numbers[column], 0, allow_only((0,)))
    nothing_else: list[Step] = [(EQUAL, 1, 0, 0), (RETURN, 0, 0, FAIL_WITH | PERMISSION), load(1)]
    steps += on_argument(SETPRIORITY[column], 0, [*nothing_else, *allow_only((0,))])  # one process, itself
    steps.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def on_argument(number: int, place: int, checks: list[Step]) -> list[Step]:
    """Steps for one call: load the lower half of an argument, check it, and allow what is left."""
    inner: list[Step] = [load(place), *checks, (RETURN, 0, 0, ALLOW)]
    return [(EQUAL, 0, len(inner), number), *inner]


def load(place: int) -> Step:
    """Take the lower half of an argument, which is all of it where the kernel reads an int."""
    return (LOAD, 0, 0, ARGUMENTS_AT + 8 * place)


def refuse(values: tuple[int, ...], error: int = PERMISSION) -> list[Step]:
    """Fail for these values."""
    return [step for value in values for step in ((EQUAL, 0, 1, value), (RETURN, 0, 0, FAIL_WITH | error))]


def allow_only(values: tuple[int, ...]) -> list[Step]:
    """Fail for all but these values."""
    passed: list[Step] = [step for value in values for step in ((EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW))]
    return [*passed, (RETURN, 0, 0, FAIL_WITH | PERMISSION)]
