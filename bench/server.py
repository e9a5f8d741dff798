"""What the server does in a second, next to the floor: switch events, whole visits, memory, a second worker."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.floor_server import Floor
from bench.load import App, events_a_second, kilobytes_a_window, run, visits_a_second
from bench.logins import sign_in_families
from tests.support.portal_server import PortalServer, copied
from tests.support.redis_server import redis_server
from tests.support.windows import STATE

FREE = {"EVENTS_PER_SECOND": "1000000"}
"""The limit of events a second would be what is measured."""
SECONDS = 3.0
ROUNDS = 3
WINDOWS = 100
SWITCH = f"{STATE}.portal___state___base____shell.choose"
LOADED = '"status_rx_state_":"ready"'


def server_table(folder: Path, empty: Floor) -> list[str]:
    """Rounds of the portal and the floor in turn, so that what else the machine does falls on both."""
    floor = App(empty.url, f"{STATE}.floor___floor____floor.choose", '"ready_rx_state_":true')
    families = tuple(sign_in_families(folder, WINDOWS))
    rows = ["| at the server | portal | floor | ratio |", "| --- | --- | --- | --- |"]
    server = PortalServer.start(folder, **FREE)
    try:
        ours = App(server.url, SWITCH, LOADED, families)
        for clients in (1, 50):
            found = _in_turn(
                lambda app, clients=clients: run(events_a_second(app, clients, SECONDS)), ours, floor
            )
            rows.append(_row(f"switch events a second, {clients} clients", *found))
        rows.append(
            _row(
                "whole visits a second",
                *_in_turn(lambda app: run(visits_a_second(app, 8, SECONDS)), ours, floor),
            )
        )
        grown = [
            run(kilobytes_a_window(app, WINDOWS, lambda group=group: memory_of(group)))
            for app, group in ((ours, server.process.pid), (floor, empty.group))
        ]
        rows.append(_row("kB of memory for each open window", grown[0], grown[1]))
    finally:
        server.stop()
    return rows


def workers_table(folder: Path) -> list[str]:
    """Two workers that share their states in Redis, next to one that does."""
    found: dict[str, tuple[float, float]] = {}
    with redis_server(folder.parent) as redis:
        for workers in ("1", "2"):
            data = copied(folder, folder.parent / f"workers-{workers}")
            families = tuple(sign_in_families(data, WINDOWS))
            with _serving(data, WORKERS=workers, REDIS_URL=redis) as server:
                app = App(server.url, SWITCH, LOADED, families)
                found[workers] = (
                    run(events_a_second(app, 50, SECONDS)),
                    run(visits_a_second(app, 16, SECONDS)),
                )
    rows = ["| with Redis | 2 workers | 1 worker | ratio |", "| --- | --- | --- | --- |"]
    for name, two, one in zip(
        ("switch events a second, 50 clients", "whole visits a second"), found["2"], found["1"], strict=True
    ):
        rows.append(_row(name, two, one))
    return rows


def memory_of(group: int) -> int:
    """Bytes of memory that a process group holds for itself."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text().rpartition(")")[2].split()
            if int(stat[2]) == group:
                total += int((process / "statm").read_text().split()[1]) * 4096
        except OSError:
            continue
    return total


@contextmanager
def _serving(folder: Path, **settings: str) -> Iterator[PortalServer]:
    server = PortalServer.start(folder, **FREE, **settings)
    try:
        yield server
    finally:
        server.stop()


def _in_turn(measure: Callable[[App], float], ours: App, floor: App) -> tuple[float, float]:
    rounds = [(measure(ours), measure(floor)) for _ in range(ROUNDS)]
    return median(mine for mine, _ in rounds), median(theirs for _, theirs in rounds)


def _row(name: str, ours: float, theirs: float) -> str:
    return f"| {name} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f} |"
