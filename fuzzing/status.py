"""Status: what a process that fuzzes has done so far, in a file that outlives it, however it ends."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

_HEAD = struct.Struct("<QQdQ")
MOST_BYTES = 1 << 20


class Status:
    """Counts inputs and keeps the last one. Writes go to memory that the system owns: a process that is
    killed, or that overflows its stack, leaves them behind.
    """

    def __init__(self, file: Path, *, is_new: bool) -> None:
        if is_new:
            draft = file.with_suffix(".draft")
            draft.write_bytes(b"\0" * (_HEAD.size + MOST_BYTES))
            draft.replace(file)
        with file.open("r+b") as stream:
            self._memory = mmap.mmap(stream.fileno(), 0)
        self.inputs, self.failures, self.slowest, self._length = _HEAD.unpack_from(self._memory)

    def begin(self, data: bytes) -> None:
        """Notes an input before it is given to anything."""
        self._length = min(len(data), MOST_BYTES)
        self._memory[_HEAD.size : _HEAD.size + self._length] = data[: self._length]
        self.inputs += 1
        self._write()

    def end(self, seconds: float, *, failed: bool) -> bool:
        """Notes what became of it; says whether it was the slowest of all."""
        is_slowest: bool = seconds > self.slowest
        self.slowest = max(self.slowest, seconds)
        self.failures += failed
        return is_slowest

    def _write(self) -> None:
        _HEAD.pack_into(self._memory, 0, self.inputs, self.failures, self.slowest, self._length)

    def finish(self) -> None:
        """Writes the counts down for good."""
        self._write()

    @property
    def last(self) -> bytes:
        """The last input that was begun."""
        return self._memory[_HEAD.size : _HEAD.size + self._length]
