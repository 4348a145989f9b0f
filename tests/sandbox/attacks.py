"""Hostile programs: each returns something true where it did harm, and nothing or an error where it could not.

Should a box ever fail to hold one of them, the machine that runs the tests comes to no lasting harm.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

CALL = """
    import ctypes, os
    libc = ctypes.CDLL(None, use_errno=True)
    def call(number, *given):
        '''True where the kernel did it, or refused for another reason than that nobody may.'''
        wide = [ctypes.c_long(x) if isinstance(x, int) else x for x in given]
        return libc.syscall(ctypes.c_long(number), *wide) != -1 or ctypes.get_errno() not in (1, 38)
    number = aims["numbers"]
"""


IN_A_BOX = "if 'inside.process_one' not in open('/proc/1/cmdline').read():\n    return True\n"


@dataclass(frozen=True)
class Attack:
    name: str
    body: str
    calls: bool = False
    """Whether it makes system calls by number."""
    anywhere: bool = False
    """Whether outside of a box it does its harm to anyone's machine, and a harmless one at that."""

    @property
    def program(self) -> str:
        body = textwrap.dedent(CALL if self.calls else "") + textwrap.dedent(self.body)
        return (
            "import json, os, sys\naims = json.load(sys.stdin)\ndef attack():\n"
            + textwrap.indent(body, "    ")
            + '\nme = os.getpid()\ntry:\n    got = attack()\nexcept Exception as refused:\n    got = ""\n'
            + 'if os.getpid() == me:\n    print("HARM" if got else "SAFE", got)\n'
        )


def reads(name: str, path: str, *, anywhere: bool = False) -> Attack:
    return Attack(f"read {name}", f"return open({path}, 'rb').read(1) != b''", anywhere=anywhere)


READING = [
    reads("a file outside", "aims['secret']", anywhere=True),
    reads("the users", "'/etc/passwd'", anywhere=True),
    reads("the passwords", "'/etc/shadow'"),
    reads("the project", "aims['project']", anywhere=True),
    reads("by way up", "'../' * 30 + aims['secret']", anywhere=True),
    reads("through the first process", "'/proc/1/root' + aims['secret']"),
    reads("through its folder", "'/proc/1/cwd/../' + aims['secret']"),
    reads("the first process's environment", "'/proc/1/environ'"),
    reads("the first process's pipe", "'/proc/1/fd/0'"),
    reads("kernel messages", "'/dev/kmsg'"),
    reads("the kernel's memory", "'/proc/kcore'"),
    Attack("read the first process's memory", "f = open('/proc/1/mem', 'rb'); f.seek(0x10000); return True"),
    Attack(
        "read through a planted link",
        "os.symlink(aims['secret'], 'link')\nreturn open('link').read()",
    ),
    reads("where the first process keeps what", "'/proc/1/maps'"),
    reads("what the first process was told at its start", "'/proc/1/auxv'"),
    Attack("look at the first process's pipes", "return os.listdir('/proc/1/fdinfo')"),
    Attack("list homes", "return os.listdir('/home') + [n for n in os.listdir('/root') if n != '.pyenv']"),
    Attack("list devices of the machine", "return os.listdir('/sys')", anywhere=True),
    Attack("find disks", "return [n for n in os.listdir('/dev') if n[:2] in ('sd', 'vd', 'nv', 'lo', 'me')]"),
    Attack("import what the app has", "import pydantic\nreturn True", anywhere=True),
    Attack("see the environment", "return 'TTC_CANARY' in os.environ", anywhere=True),
    Attack("see the machine's name", "import socket\nreturn socket.gethostname() == aims['host']", anywhere=True),
    Attack(
        "see processes outside",
        """
        for name in os.listdir("/proc"):
            if name.isdigit() and aims["marker"] in open(f"/proc/{name}/cmdline").read():
                return name
        """,
        anywhere=True,
    ),
    Attack(
        "find a pipe left open",
        """
        import stat
        return [fd for fd in range(3, 1024) if os.path.exists(f"/proc/self/fd/{fd}")
                and stat.S_ISFIFO(os.fstat(fd).st_mode) | stat.S_ISSOCK(os.fstat(fd).st_mode)]
        """,
    ),
]

WRITING = [
    Attack("write outside", "open(aims['written'], 'w').write('x')\nreturn True", anywhere=True),
    Attack("overwrite outside", "open(aims['secret'], 'w').write('x')\nreturn True"),
    Attack("change Python", "open(sys.base_prefix + '/lib/python3.11/os.py', 'ab')\nreturn True"),
    Attack("change the programs", "open('/usr/bin/env', 'ab')\nreturn True"),
    Attack("change what watches", "open('/box/inside/process_one.py', 'ab')\nreturn True"),
    Attack("write beside the work folder", "open('/new', 'w')\nreturn True"),
    Attack("write among the devices", "open('/dev/new', 'w')\nreturn True"),
    Attack("write settings", "open('/etc/ttc-new', 'w')\nreturn True"),
    Attack("write to the pipe of the first process", "open('/proc/1/fd/1', 'wb').write(b'x')\nreturn True"),
    Attack(
        "write what runs at a crash", "f = open('/proc/sys/kernel/core_pattern', 'r+')\nf.write(f.read())\nreturn True"
    ),
    Attack("press a key of the kernel", "open('/proc/sysrq-trigger', 'w').write('h')\nreturn True"),
    Attack("link to a program", "os.link('/usr/bin/env', 'env')\nreturn True"),
    Attack("put another folder in the place of the work folder", "os.rename('/work', '/tmp/work')\nreturn True"),
    Attack(
        "change a program where it is mapped",
        "import mmap\nmmap.mmap(os.open('/usr/bin/env', os.O_RDONLY), 4096, mmap.MAP_SHARED)[0] = 0\nreturn True",
    ),
    Attack(
        "give a program rights",
        "import shutil\nshutil.copy('/usr/bin/env', 'env')\n"
        "os.setxattr('env', 'security.capability', bytes.fromhex('0100000200000080000000000000000000000000'))\n"
        "return True",
    ),
    Attack("say who is who", "open('/proc/self/uid_map', 'w').write('0 0 1')\nreturn True"),
    Attack(
        "change how the network works",
        "f = open('/proc/sys/net/ipv4/tcp_rmem', 'r+')\nf.write(f.read())\nreturn True",
    ),
    Attack("make all writable", "os.chmod('/usr', 0o755)\nos.chmod('/box', 0o777)\nreturn True"),
    Attack("make a disk", "import stat\nos.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0))\nreturn True"),
    Attack(
        "leave a program that runs as root",
        "import shutil, subprocess\nshutil.copy('/usr/bin/id', 'id')\nos.chown('id', 0, 0)\nos.chmod('id', 0o4755)\n"
        "return True",
    ),
    Attack(
        "delete everything",
        "import shutil\nshutil.rmtree(os.path.dirname(aims['secret']), ignore_errors=True)\nshutil.rmtree('/box')\n"
        "return True",
    ),
    Attack("spare itself where memory is short", "open('/proc/self/oom_score_adj', 'w').write('-1000')\nreturn True"),
]

REACHING = [
    Attack(
        "reach a server of the machine",
        "import socket\nsocket.create_connection(('127.0.0.1', aims['port']), 2)\nreturn True",
        anywhere=True,
    ),
    Attack(
        "reach a socket with a path",
        "import socket\nsocket.socket(socket.AF_UNIX).connect(aims['socket'])\nreturn True",
        anywhere=True,
    ),
    Attack(
        "reach a socket with an abstract name",
        "import socket\nsocket.socket(socket.AF_UNIX).connect(chr(0) + aims['abstract'])\nreturn True",
        anywhere=True,
    ),
    Attack(
        "send a datagram away",
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))\nreturn True",
    ),
    Attack(
        "see a network card",
        "import socket\nreturn [n for n in os.listdir('/sys/class/net')] or len(socket.if_nameindex()) > 1",
    ),
    Attack(
        "open sockets that know no network namespace",
        """
        import socket
        got = []
        for family, kind in ((16, 3), (17, 3), (38, 5), (40, 1), (31, 3), (44, 2), (1000, 1)):
            try:
                got.append(socket.socket(family, kind))
            except OSError:
                pass
        return got
        """,
        anywhere=True,
    ),
]

PROCESSES = [
    Attack("end a process outside", "os.kill(aims['victim'], 9)\nreturn False"),
    Attack("end all processes", f"{IN_A_BOX}os.kill(-1, 9)\nreturn False"),
    Attack("end or stop the first process", f"{IN_A_BOX}for one in range(1, 65):\n    os.kill(1, one)\nreturn False"),
    Attack(
        "end the first process by its handle",
        f"{IN_A_BOX}import signal\nsignal.pidfd_send_signal(os.pidfd_open(1), 9)\nreturn False",
    ),
    Attack(
        "have the kernel end the first process",
        IN_A_BOX
        + "import fcntl\nour, their = os.pipe()\nfcntl.fcntl(our, fcntl.F_SETOWN, 1)\nfcntl.fcntl(our, 10, 9)\n"
        "fcntl.fcntl(our, fcntl.F_SETFL, os.O_ASYNC)\nos.write(their, b'x')\nreturn False",
    ),
    Attack("starve the first process", "import resource\nresource.prlimit(1, resource.RLIMIT_AS, (0, 0))\nreturn True"),
    Attack("slow the first process down", "os.setpriority(os.PRIO_PROCESS, 1, 19)\nreturn True"),
    Attack("slow all down", "os.setpriority(os.PRIO_USER, 0, 19)\nreturn True"),
    Attack("go first", "os.nice(-20)\nreturn os.getpriority(os.PRIO_PROCESS, 0) < 10"),
    Attack("take the processor", "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))\nreturn True"),
    Attack("lift a limit", "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (999, 999))\nreturn True"),
    Attack("become root", "os.setuid(0)\nreturn True"),
    Attack("join root's group", "os.setgroups([0])\nreturn True"),
    Attack(
        "be root", "return os.getuid() == 0 or 'CapEff:\\t0000000000000000' not in open('/proc/self/status').read()"
    ),
    Attack(
        "become root by a program",
        "import subprocess\nreturn [c for c in (['su', '-c', 'id -u'], ['unshare', '-Ur', 'id', '-u'])"
        " if subprocess.run(c, capture_output=True, stdin=subprocess.DEVNULL).stdout.strip() == b'0']",
    ),
    Attack("change the clock", "import time\ntime.clock_settime(time.CLOCK_REALTIME, time.time())\nreturn True"),
    Attack("rename the machine", "import socket\nsocket.sethostname(socket.gethostname())\nreturn True"),
]

CALLS = [
    *(
        Attack(name, f"return {made}", calls=True, anywhere=anywhere)
        for name, made, anywhere in (
            ("be traced", "call(number['ptrace'], 0, 0, 0, 0)", False),
            ("trace the first process", "call(number['ptrace'], 16, 1, 0, 0)", False),
            ("read another process", "call(number['process_vm_readv'], 1, 0, 0, 0, 0, 0)", True),
            ("write to another process", "call(number['process_vm_writev'], 1, 0, 0, 0, 0, 0)", True),
            ("take a file of another process", "call(438, -1, 0, 0)", True),
            ("take the pipe of the first process", "call(438, os.pidfd_open(1), 0, 0)", False),
            ("make namespaces", "call(number['unshare'], 0x10000000)", False),
            ("make namespaces with a child", "call(number['clone'], 0x10000011, 0, 0, 0, 0)", False),
            ("make namespaces in the new way", "call(435, 0, 0)", True),
            ("enter namespaces", "call(number['setns'], -1, 0)", True),
            ("mount", "call(number['mount'], b'none', b'/work', b'tmpfs', 0, 0)", False),
            ("mount in the new way", "call(430, b'tmpfs', 0)", False),
            ("copy the tree", "call(428, -100, b'/', 1)", False),
            ("unmount", "call(number['umount2'], b'/work', 2)", False),
            ("change the root", "call(number['chroot'], b'/work')", False),
            ("use io_uring", "call(425, 1, 0)", True),
            ("use keys", "call(number['keyctl'], 0, -3, 0)", True),
            ("add a key", "call(number['add_key'], b'user', b'x', b'y', 1, -3)", False),
            ("load a program into the kernel", "call(number['bpf'], 0, 0, 0)", False),
            ("watch the processor", "call(number['perf_event_open'], 0, 0, -1, -1, 0)", True),
            ("handle page faults", "call(number['userfaultfd'], 1)", True),
            ("open by handle", "call(number['open_by_handle_at'], -1, 0, 0)", False),
            ("load a module", "call(number['finit_module'], -1, b'', 0)", False),
            ("load a kernel", "call(number['kexec_load'], 0, 0, 0, 0)", False),
            ("make memory that no limit counts", "call(number['memfd_create'], b'x', 0)", True),
            ("share memory that no limit counts", "call(number['shmget'], 0, 4096, 0o1600)", True),
            ("call what is yet to come", "call(1000)", False),
        )
    ),
    Attack(
        "type into a terminal",
        "import fcntl, pty\n_, terminal = pty.openpty()\nfcntl.ioctl(terminal, 0x5412, b'x')\nreturn True",
    ),
    Attack(
        "make calls of another machine",
        """
        import ctypes, mmap, platform
        if platform.machine() != "x86_64":
            return False
        child = os.fork()
        if not child:
            page = mmap.mmap(-1, 4096, prot=7)
            page.write(bytes.fromhex("b814000000" "cd80" "c3"))  # getpid by int 0x80
            os._exit(0 < ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))())
        return os.waitpid(child, 0)[1] >> 8
        """,
    ),
]

ATTACKS = [*READING, *WRITING, *REACHING, *PROCESSES, *CALLS]
