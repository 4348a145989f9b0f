"""The filter of system calls, played through as the kernel would, for each machine it is written for."""

from __future__ import annotations

import struct

import pytest

from ttc_core.sandbox import seccomp
from ttc_core.sandbox.seccomp import ALLOW, FAIL_WITH, FORBIDDEN, KILL, MACHINES, PERMISSION, UNKNOWN, program

FAILS, IS_UNKNOWN = FAIL_WITH | PERMISSION, FAIL_WITH | UNKNOWN


def decided(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the filter of a machine says of a call."""
    audit = MACHINES[machine][0] if audit is None else audit
    data = struct.pack("=IIQ6Q", number, audit, 0, *(*arguments, *[0] * (6 - len(arguments))))
    steps = list(struct.iter_unpack("=HBBI", program(machine)))
    at, held = 0, 0
    while True:
        operation, on_true, on_false, value = steps[at]
        at += 1
        match operation:
            case seccomp.LOAD:
                held = struct.unpack_from("=I", data, value)[0]
            case seccomp.RETURN:
                return int(value)
            case seccomp.EQUAL:
                at += on_true if held == value else on_false
            case seccomp.ABOVE:
                at += on_true if held > value else on_false
            case seccomp.ANY_BIT:
                at += on_true if held & value else on_false


@pytest.fixture(params=sorted(MACHINES))
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_refuses_what_is_forbidden(machine: str) -> None:
    numbers = [numbers[MACHINES[machine][1]] for numbers in FORBIDDEN.values()]
    assert {decided(machine, number) for number in numbers if number >= 0} == {FAILS}


def test_knows_nothing_new_but_what_it_was_told(machine: str) -> None:
    known = {number for number in range(300, 2000) if decided(machine, number) == ALLOW and number > 334}
    assert known == set(seccomp.NEW)
    assert decided(machine, 425) == IS_UNKNOWN, "io_uring"
    assert decided(machine, 435) == IS_UNKNOWN, "clone3, whose flags a filter cannot see"
    assert decided(machine, 2**32 - 1) == IS_UNKNOWN


@pytest.mark.parametrize(("on_x86", "on_arm"), [(0, 63), (1, 64), (257, 56), (59, 221), (61, 260), (9, 222), (62, 129)])
def test_allows_what_every_program_needs(machine: str, on_x86: int, on_arm: int) -> None:
    """read, write, openat, execve, wait4, mmap, kill."""
    assert decided(machine, (on_x86, on_arm)[MACHINES[machine][1]], 1, 2, 3) == ALLOW


def test_ends_calls_of_other_machines(machine: str) -> None:
    assert decided(machine, 0, audit=0x40000003) == KILL


def test_knows_no_calls_of_the_x32_kind() -> None:
    assert decided("x86_64", 0x40000000 | 101) == IS_UNKNOWN


def test_looks_at_the_arguments(machine: str) -> None:
    column = MACHINES[machine][1]
    clone, socket, pair = seccomp.CLONE[column], seccomp.SOCKET[column], seccomp.SOCKETPAIR[column]
    assert decided(machine, clone, 0x3D0F00) == ALLOW, "a thread"
    assert decided(machine, clone, 17) == ALLOW, "a process"
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        assert decided(machine, clone, 17 | flag) == FAILS
    assert [n for n in range(64) if decided(machine, socket, n, 1) == ALLOW] == [1, 2, 10]
    assert [n for n in range(64) if decided(machine, pair, n, 1) == ALLOW] == [1]
    for request in seccomp.TYPE_FOR_OTHERS:
        assert decided(machine, seccomp.IOCTL[column], 0, request) == FAILS
        assert decided(machine, seccomp.IOCTL[column], 0, 1 << 32 | request) == FAILS, "the kernel reads the lower half"
    assert decided(machine, seccomp.IOCTL[column], 0, 0x5401) == ALLOW


def test_does_not_hear_how_much_sockets_shall_keep(machine: str) -> None:
    call = seccomp.SETSOCKOPT[MACHINES[machine][1]]
    assert [option for option in range(64) if decided(machine, call, 3, 1, option) != ALLOW] == [7, 8]
    assert {decided(machine, call, 3, 1, option) for option in seccomp.BUFFERS} == {FAIL_WITH | seccomp.NOTHING}
    assert decided(machine, call, 3, 6, 7) == ALLOW, "another level's options have the same numbers"


def test_lets_a_process_bound_itself_only(machine: str) -> None:
    column = MACHINES[machine][1]
    for numbers in seccomp.ON_ITSELF.values():
        assert decided(machine, numbers[column], 0) == ALLOW
        assert decided(machine, numbers[column], 1) == FAILS
    priority = seccomp.SETPRIORITY[column]
    assert decided(machine, priority, 0, 0, 19) == ALLOW
    assert decided(machine, priority, 0, 1, 19) == FAILS
    assert decided(machine, priority, 2, 0, 19) == FAILS


def test_there_is_none_for_an_unknown_machine() -> None:
    with pytest.raises(KeyError):
        program("riscv64")
