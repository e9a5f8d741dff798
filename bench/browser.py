"""What a phone waits for: first data, working buttons, bytes, the switch of a member. Medians, in a real Chromium."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

WATCH = """(() => {
  const seen = window.__seen = {};
  const note = (name, there) => { if (!(name in seen) && there()) seen[name] = performance.now(); };
  const looked = () => {
    note("first", () => {
      const shown = document.querySelector(window.__first);
      return shown && shown.offsetHeight > 0 && shown.textContent.trim();
    });
    if (!seen.first || seen.pressed || !window.__press) return;
    seen.pressed = performance.now();
    setTimeout(() => document.querySelector(window.__press).click());
  };
  let asked = false;
  const look = () => {
    note("ready", () => document.querySelector('[data-ready="true"]'));
    note("answered", () => seen.pressed && document.querySelector(window.__answer));
    // Once a frame: asking for a height in between makes the browser lay out a page that is half there.
    if (!asked && !seen.first) requestAnimationFrame(() => { asked = false; looked(); });
    asked = true;
  };
  new MutationObserver(look).observe(document, {childList: true, subtree: true, attributes: true});
  document.addEventListener("readystatechange", look);
})();"""

SWITCH = """async () => {
  const other = document.querySelector('[data-testid="member-switcher"] button:nth-of-type(2)');
  const hidden = () => [...document.querySelectorAll("[data-for=all]")].every((one) => one.offsetHeight === 0);
  const begun = performance.now();
  other.click();
  while (!hidden()) await new Promise((go) => setTimeout(go, 0));
  const done = performance.now() - begun;
  document.querySelector('[data-testid="member-switcher"] button').click();
  await new Promise((go) => setTimeout(go, 50));
  return done;
}"""


@dataclass(frozen=True)
class Network:
    """A connection and a processor: kilobits a second, milliseconds of round trip, how many times slower the CPU is."""

    name: str
    kbps: int = 0
    round_trip_ms: int = 0
    slower: int = 1


NETWORKS = (
    Network("no throttle"),
    Network("Fast 4G, CPU x4", 9_000, 60, 4),
    Network("Slow 4G, CPU x4", 1_600, 150, 4),
)


@dataclass(frozen=True)
class Subject:
    """A page to measure: where its first data stands, what is pressed there, and what shows that it was answered."""

    url: str
    first: str
    press: str = ""
    """Empty for a page that is only looked at."""
    answer: str = ""


@dataclass
class Visit:
    """One page load: milliseconds from the start of navigation, bytes by kind as they came over the network.

    `ready`: the page's own script has taken over. `answered`: the server's answer to a press made as soon as there
    was something to see is on the page.
    """

    first: float
    ready: float
    answered: float
    bytes: dict[str, int] = field(default_factory=dict)


def visits(
    browser: Browser,
    sign_in: Callable[[BrowserContext], None],
    subject: Subject,
    network: Network,
    times: int,
) -> dict[str, Visit]:
    """The medians of `times` cold and as many repeat visits (warm cache)."""
    cold, repeat = [], []
    for _ in range(times):
        with browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True) as context:
            sign_in(context)
            cold.append(_visit(context, subject, network))
            repeat.append(_visit(context, subject, network))
    return {"cold": _median(cold), "repeat": _median(repeat)}


def switch_ms(page: Page, times: int) -> float:
    """Milliseconds from pressing a member to the picture showing them."""
    return median(page.evaluate(SWITCH) for _ in range(times))


def _visit(context: BrowserContext, of: Subject, network: Network) -> Visit:
    page = context.new_page()
    page.add_init_script(
        f"window.__first = {of.first!r}; window.__press = {of.press!r}; window.__answer = {of.answer!r};{WATCH}"
    )
    session = context.new_cdp_session(page)
    counted = _count_bytes(session)
    _throttle(session, network)
    page.goto(of.url, wait_until="commit")
    done = "answered && window.__seen.first" if of.press else "first"
    page.wait_for_function(f"window.__seen && window.__seen.{done}", timeout=60_000)
    seen = {"ready": 0.0, "answered": 0.0} | page.evaluate("window.__seen")
    page.wait_for_load_state("load")
    page.close()
    return Visit(seen["first"], seen["ready"], seen["answered"], dict(counted))


def _throttle(session: CDPSession, network: Network) -> None:
    session.send("Network.enable")
    if network.kbps:
        bytes_a_second = network.kbps * 1000 / 8
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": network.round_trip_ms,
                "downloadThroughput": bytes_a_second,
                "uploadThroughput": bytes_a_second,
            },
        )
    session.send("Emulation.setCPUThrottlingRate", {"rate": network.slower})


def _count_bytes(session: CDPSession) -> dict[str, int]:
    """Encoded bytes by resource type, headers included, filled while the page loads."""
    kinds: dict[str, str] = {}
    counted: dict[str, int] = {}

    def began(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def ended(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        counted[kind] = counted.get(kind, 0) + int(event["encodedDataLength"])

    session.on("Network.responseReceived", began)
    session.on("Network.loadingFinished", ended)
    return counted


def _median(found: list[Visit]) -> Visit:
    return Visit(
        first=median(visit.first for visit in found),
        ready=median(visit.ready for visit in found),
        answered=median(visit.answered for visit in found),
        bytes=found[0].bytes,
    )
