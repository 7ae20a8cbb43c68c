"""What is mounted where: over a network, or away from its directory, SQLite's log breaks."""

import re
from collections.abc import Iterator
from pathlib import Path

MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset(
    {
        "9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.grpcfuse",
        "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse", "lustre", "ncpfs", "nfs",
        "nfs4", "prl_fs", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    }
)  # fmt: skip


_ESCAPE = re.compile(r"\\([0-7]{3})")


def network_file_system(path: Path, mounts: Path | None = None) -> str | None:
    """Return the type of the network file system that a path lies on, or None.

    None too where the system doesn't list its mounts: only Linux does.
    """
    found, deepest = "", -1
    for mount, kind in _mounted(mounts or MOUNTS):
        if path.is_relative_to(mount) and len(mount.parts) >= deepest:
            found, deepest = kind, len(mount.parts)
    return found if found in _NETWORK else None


def is_mount_point(path: Path, mounts: Path | None = None) -> bool:
    """Say whether something is mounted at this very path, as far as the system lists its mounts."""
    return any(mount == path for mount, _ in _mounted(mounts or MOUNTS))


def _mounted(mounts: Path) -> Iterator[tuple[Path, str]]:
    """Yield where something is mounted, and its type."""
    if not mounts.exists():
        return
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        yield Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), point)), kind
