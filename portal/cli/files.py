"""Files that a person gives to a command: read no further than allowed, refused in one clear line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal.documents import csv_in

NOT_SET_UP = "the provider is not set up yet; `python -m portal provider set` does it. Nothing was imported."
ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1252")


def content(file: Path) -> bytes:
    """No more than is needed to see that it is too much."""
    with file.open("rb") as opened:
        return opened.read(csv_in.LIMIT + 1)


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Inside, what is wrong with the file as a whole becomes one line for the person who gave it."""
    try:
        yield
    except csv_in.FileTooLarge:
        raise click.ClickException(
            f"{file.name} is larger than 5 MB. Split it; importing a part twice does no harm."
        ) from None
    except csv_in.Empty:
        raise click.ClickException(f"{file.name} is empty. The first line names the columns.") from None
    except csv_in.Unreadable as refusal:
        raise click.ClickException(f"{file.name} cannot be read: {_why(refusal)}") from None


def _why(refusal: csv_in.Unreadable) -> str:
    line = refusal.values.get("line")
    if line is not None:
        return f"a quotation mark that opens on line {line} is not closed, or a cell there is far too long."
    return f"it is not text in {refusal.values['encoding']}. Save it as “CSV UTF-8”, or say its --encoding."
