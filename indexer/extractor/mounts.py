"""Which file systems are shared over a network, where SQLite's write-ahead log breaks."""

from pathlib import Path

MOUNTS = Path("/proc/mounts")
_NETWORK = frozenset(
    {
        "9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.grpcfuse",
        "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse", "lustre", "ncpfs", "nfs",
        "nfs4", "prl_fs", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    }
)  # fmt: skip


def network_file_system(path: Path, mounts: Path | None = None) -> str | None:
    """Return the type of the network file system that a path lies on, or None.

    None too where the system doesn't list its mounts: only Linux does.
    """
    mounts = mounts or MOUNTS
    if not mounts.exists():
        return None
    found, deepest = "", -1
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        mount = Path(point.replace("\\040", " "))
        if path.is_relative_to(mount) and len(mount.parts) >= deepest:
            found, deepest = kind, len(mount.parts)
    return found if found in _NETWORK else None
