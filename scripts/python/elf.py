"""Which platforms a binary runs on, as a wheel's tag says it (PEP 600), read from the binary itself."""

import struct

MACHINES = {62: "x86_64", 183: "aarch64"}
DYNAMIC, VERSIONS_NEEDED = 6, 0x6FFFFFFE  # types of sections
LIBRARY_NEEDED = 1  # tag of an entry of the dynamic section
OLDEST = 17  # the glibc 2.x of the oldest tag

# Libraries that every Linux with glibc has, as PEP 600 counts on them.
EVERYWHERE = {"libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libgcc_s.so.1",
              "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


def platform_of(path):
    """`manylinux_2_34_x86_64` where any Linux with that glibc will do, else `linux_x86_64`.

    Raises ValueError for a file that is no 64-bit little-endian ELF of a known machine.
    """
    data = path.read_bytes()
    machine = MACHINES.get(struct.unpack_from("<H", data, 18)[0]) if data[:6] == b"\x7fELF\x02\x01" else None
    if machine is None:
        raise ValueError(f"{path} is no binary for Linux on {' or '.join(MACHINES.values())}")
    libraries, versions = needs(data)
    glibc = [version.removeprefix("GLIBC_").split(".") for version in versions if version.startswith("GLIBC_")]
    if not libraries <= EVERYWHERE or not glibc or any(major != "2" for major, *_ in glibc):
        return f"linux_{machine}"
    return f"manylinux_2_{max(OLDEST, *(int(minor) for _, minor, *_ in glibc))}_{machine}"


def needs(data):
    """The names of the libraries that a binary needs, and those of the versions of their symbols."""
    (offset,) = struct.unpack_from("<Q", data, 40)
    size, count, _ = struct.unpack_from("<HHH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, offset + at * size) for at in range(count)]
    libraries, versions = set(), set()
    for _, kind, _, _, begin, length, link, *_ in sections:
        if kind not in (DYNAMIC, VERSIONS_NEEDED):
            continue
        names = sections[link][4]
        if kind == DYNAMIC:
            for tag, value in struct.iter_unpack("<QQ", data[begin:begin + length]):
                if tag == LIBRARY_NEEDED:
                    libraries.add(text_at(data, names + value))
        else:
            versions |= {text_at(data, names + name) for name in version_names(data, begin)}
    return libraries, versions


def version_names(data, at):
    """The places of the names in a section of needed versions: a list of libraries, each with a list of versions."""
    while True:
        _, count, _, first, step = struct.unpack_from("<HHIII", data, at)
        of_library = at + first
        for _ in range(count):
            _, _, _, name, further = struct.unpack_from("<IHHII", data, of_library)
            yield name
            of_library += further
        if step == 0:
            return
        at += step


def text_at(data, at):
    """The text that begins at a place and ends with a zero."""
    return data[at:data.index(b"\0", at)].decode()
