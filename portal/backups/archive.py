"""The one file of a backup: a ZIP that holds what it is (manifest.json) and the database's own copy (data)."""

import json
import os
import shutil
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
_MANIFEST, _DATA = "manifest.json", "data"
_ZIP_BEGINS = b"PK\x03\x04"
_NOT_OURS = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)
"""What reading other bytes than ours may raise. RuntimeError is zipfile's word for an encrypted part, and a kind
of it for a compression or a version of the format that it does not know."""


class BackupRefused(Exception):
    """It was not done, and nothing was changed; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup is: of which portal and schema, made when (ISO, UTC), of which kind of database."""

    portal: str
    schema: str
    made_at: str
    kind: str
    format: int = FORMAT


def pack(manifest: Manifest, data: Path, to: Path) -> None:
    """Write the file: for its owner's eyes, and whole on the disk before it has its name."""
    parts = to.with_name(f".{to.name}.part")
    try:
        with os.fdopen(os.open(parts, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=1))
                archive.write(data, _DATA)
            opened.flush()
            os.fsync(opened.fileno())
        parts.replace(to)
    except OSError as error:
        raise BackupRefused(f"{to} cannot be written: {error.strerror}.") from None
    finally:
        parts.unlink(missing_ok=True)


def unpack(file: Path, to: Path) -> Manifest:
    """Write the copy that the backup holds to `to`, every byte of it checked; what the backup is."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(file, json.loads(archive.read(_MANIFEST)))
            with archive.open(_DATA) as data, to.open("wb") as copy:
                shutil.copyfileobj(data, copy)
    except KeyError:
        raise BackupRefused(f"{file} is not a backup of the portal.") from None
    except _NOT_OURS:
        raise BackupRefused(_unreadable(file)) from None
    except OSError as error:
        raise BackupRefused(f"{file} cannot be read: {error.strerror}.") from None
    else:
        return manifest


def _manifest(file: Path, said: object) -> Manifest:
    if not isinstance(said, dict) or not isinstance(said.get("format"), int):
        raise BackupRefused(f"{file} is not a backup of the portal.")
    if said["format"] > FORMAT:
        raise BackupRefused(f"{file} was made by a newer portal. Bring this one to that version first.")
    portal, schema, made_at, kind = (
        str(said.get(name, "")) for name in ("portal", "schema", "made_at", "kind")
    )
    return Manifest(portal, schema, made_at, kind)


def _unreadable(file: Path) -> str:
    with file.open("rb") as opened:
        begins = opened.read(len(_ZIP_BEGINS))
    if begins == _ZIP_BEGINS:
        return f"{file} is damaged or cut short. Fetch it again, or take an older backup."
    return f"{file} is not a backup of the portal."
