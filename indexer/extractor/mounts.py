"""What is mounted where: over a network, or away from its directory, SQLite's log breaks."""

import re
from collections.abc import Iterator
from pathlib import Path

MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "gfs2", "gpfs", "lustre", "ncpfs", "nfs",
        "nfs4", "ocfs2", "orangefs", "prl_fs", "pvfs2", "smb2", "smb3", "smbfs", "vboxsf",
        "virtiofs", "vmhgfs",
    }
)  # fmt: skip
_LOCAL_FUSE = frozenset(
    {
        "fuseblk", "fuse.bindfs", "fuse.encfs", "fuse.fuse-overlayfs", "fuse.gocryptfs",
        "fuse.lxcfs", "fuse.mergerfs", "fuse.ntfs", "fuse.ntfs-3g", "fuse.unionfs",
        "fuse.unionfs-fuse",
    }
)  # fmt: skip
"""A program behind FUSE may fetch files from anywhere; these don't."""


_ESCAPE = re.compile(r"\\([0-7]{3})")


def network_file_system(path: Path, mounts: Path | None = None) -> str | None:
    """Return the type of the network file system that a path lies on, or None.

    None too where the system doesn't list its mounts: only Linux does.
    """
    found, deepest = "", -1
    for mount, kind in _mounted(mounts or MOUNTS):
        if path.is_relative_to(mount) and len(mount.parts) >= deepest:
            found, deepest = kind, len(mount.parts)
    return found if _is_shared(found) else None


def is_mount_point(path: Path, mounts: Path | None = None) -> bool:
    """Say whether something is mounted at this very path, as far as the system lists its mounts."""
    return any(mount == path for mount, _ in _mounted(mounts or MOUNTS))


def _is_shared(kind: str) -> bool:
    if kind.startswith("fuse"):
        return kind not in _LOCAL_FUSE
    return kind in _NETWORK


def _mounted(mounts: Path) -> Iterator[tuple[Path, str]]:
    """Yield where something is mounted, and its type."""
    if not mounts.exists():
        return
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        yield Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), point)), kind
