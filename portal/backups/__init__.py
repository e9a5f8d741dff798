"""Backup and restore: all that the portal's database holds, in one file, while the portal runs."""

from portal.backups.archive import BackupRefused, Manifest
from portal.backups.restoring import Restored, restore
from portal.backups.taking import back_up

__all__ = ["BackupRefused", "Manifest", "Restored", "back_up", "restore"]
