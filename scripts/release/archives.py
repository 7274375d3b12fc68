"""The archives of a release, the same to the byte whoever builds them of a commit, and wherever."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path


def build(tree: Path, output: Path, moment: int) -> None:
    """Writes the source distribution of a tree, and the wheel that is built from it.

    What differs from machine to machine is set: times to a moment, in seconds, owners and modes.
    """
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _build("sdist", tree, work, moment)
        (made,) = work.glob("*.tar.gz")
        with tarfile.open(made) as archive:
            archive.extractall(work / "unpacked", filter="data")
        (unpacked,) = (work / "unpacked").iterdir()
        output.mkdir(parents=True, exist_ok=True)
        _pack(unpacked, output / made.name, moment)
        _build("wheel", unpacked, work / "wheel", moment)
        (wheel,) = (work / "wheel").iterdir()
        shutil.copy(wheel, output)


def _build(kind: str, tree: Path, output: Path, moment: int) -> None:
    options = [f"--{kind}", "--no-isolation", "--outdir", str(output), str(tree)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(moment), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    run = subprocess.run(
        [sys.executable, "-m", "build", *options],
        env=environment,
        umask=0o022,
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(run.stdout + run.stderr)


def _pack(folder: Path, target: Path, moment: int) -> None:
    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = moment
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    with (
        target.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=moment) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in (folder, *sorted(folder.rglob("*"))):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}".removesuffix("/.")
            archive.add(path, name, recursive=False, filter=plain)
