"""`python -m portal backup [FILE]`."""

from pathlib import Path

import click

from portal import clock
from portal.cli import start
from portal.settings import Settings


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path | None) -> None:
    """Write everything the database holds into one FILE, while the portal runs.

    Without FILE it is named after the moment, in `backups` of PORTAL_DATA_DIR.
    """
    from portal.backups import BackupRefused, back_up
    from portal.backups.taking import stamp

    known = start.settings_of_the_data()
    start.opened(known)
    to = (file or kept_in(known) / f"portal-{stamp(clock.now())}.backup").absolute()
    try:
        made = back_up(known.database_url, to, clock.now())
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    size = to.stat().st_size / 1024
    click.echo(
        f"{to}: {made.kind}, schema {made.schema}, {size:,.0f} KB. Keep it, and PORTAL_SECRET, elsewhere."
    )


def kept_in(known: Settings) -> Path:
    """Where backups go when nobody says where."""
    return known.portal_data_dir / "backups"
