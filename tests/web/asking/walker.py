"""Somebody who answers a survey in a real browser, step after step, and what may happen to them meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from benchmarks.serving import Installation, kill, stop
from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright

from tests.web.browser import FLAGS, chromium

CHOICES: Final = {
    "recommend": [str(each) for each in range(11)],
    "drink": ["tea", "milk", "juice"],
    "missed.sugar": ["1"],
    "missed.cake": ["1"],
}
WORDS: Final = "why"
SHOWN: Final = """() => {
  const form = document.getElementById("survey"), shown = {};
  if (!form) return { ended: Boolean(document.querySelector("h1")), shown };
  for (const input of form.querySelectorAll("[data-answer]")) {
    if (input.type === "radio" ? input.checked : input.type !== "checkbox") shown[input.name] = input.value;
    if (input.type === "checkbox") shown[input.name] = input.checked ? "1" : "0";
  }
  const { saved, waiting } = form.dataset, said = document.getElementById("status").textContent;
  return { response: form.elements.response.value, lang: document.documentElement.lang, shown,
           said, kept: said !== "" && [saved, waiting].includes(said) };
}"""
DENY: Final = """for (const shelf of ["localStorage", "sessionStorage", "indexedDB"]) {
  Object.defineProperty(window, shelf, { configurable: true, get() { throw new Error("denied") } });
}"""
FULL: Final = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") };
IDBObjectStore.prototype.put = Storage.prototype.setItem;"""
BEHIND: Final = "{ const now = Date.now.bind(Date); Date.now = () => now() - 864e5; }"
COPIED: Final = """
performance.getEntriesByType = () => [{ type: "reload" }];
"""
UNSENT: Final = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("peakend", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("unsent");
    asked.onsuccess = () => done(asked.result);
  });
  const asked = base.transaction("unsent").objectStore("unsent").getAllKeys();
  const keys = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  base.close();
  return [...keys, ...Object.keys(localStorage)].filter((key) => key.startsWith("peakend-unsent"));
}"""
QUIET_S: Final = 5.0
"""In how many seconds all is sent once the network is there again."""
Cut = Callable[["Person"], Awaitable[None]]


@dataclass
class House:
    """The server, which is killed and comes again; and the browser that most people share."""

    installed: Installation
    survey: int
    driver: Playwright
    browser: Browser
    folder: Path
    server: subprocess.Popen[bytes]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    kills: int = 0
    up_at: float = 0.0

    @property
    def address(self) -> str:
        """Where the survey is."""
        return f"http://127.0.0.1:{self.installed.port}/s/{self.installed.token}"

    async def restart(self, away_s: float, *, kindly: bool) -> None:
        """Kill the server, or ask it to stop, and start it again after a while; one at a time."""
        if self.turn.locked():
            return
        async with self.turn:
            self.kills += 1
            await asyncio.to_thread(stop if kindly else kill, self.server)
            await asyncio.sleep(away_s)
            self.server = await asyncio.to_thread(self.installed.start)
            await asyncio.to_thread(self.installed.wait, 90)
            self.up_at = time.monotonic()

    async def is_up(self) -> None:
        """Wait until the server answers."""
        async with self.turn:
            pass


@dataclass
class Said:
    """What a person said to one question: everything since the page last said that it was kept, and that."""

    since: list[str] = field(default_factory=list)
    is_kept: bool = False

    def add(self, value: str) -> None:
        """One more answer; the ones before may stand still."""
        self.since.append(value)

    def keep(self) -> None:
        """The page says that the last one is kept."""
        self.since, self.is_kept = self.since[-1:], True


@dataclass
class Person:
    """Somebody who answers; `number` says how it goes with them."""

    house: House
    number: int
    chance: random.Random
    context: BrowserContext
    page: Page
    profile: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    said: dict[str, dict[str, Said]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    cuts: Counter[str] = field(default_factory=Counter)
    emptied_s: float | None = None
    shelf: str = ""
    is_offline: bool = False
    lang: str = "en"

    # --- what they do ---

    async def look(self) -> dict[str, Any]:
        """What the page shows and says now."""
        for _ in range(5):
            with contextlib.suppress(Error):
                return cast("dict[str, Any]", await self.page.evaluate(SHOWN))
            await self.page.wait_for_load_state()
        raise Error("the page cannot be read")

    async def answer(self) -> None:
        """One answer: a choice, a tick, or words."""
        before = await self.look()
        if before.get("ended") or "response" not in before:
            await self.open()
            before = await self.look()
        said = self.said.setdefault(before["response"], {})
        name = self.chance.choice([*CHOICES, WORDS])
        if name == WORDS:
            value = f"茶很香 {self.chance.randrange(10**6)}"
            await self.page.locator("textarea").fill(value)
        else:
            value = self.chance.choice(CHOICES[name])
            if value == "1" and name.startswith("missed"):
                value = "0" if before["shown"][name] == "1" else "1"
            elif before["shown"].get(name) == value:
                return
            choice = f"label:has(input[name='{name}'][value='{1 if name.startswith('missed') else value}'])"
            await self.page.locator(choice).click()
        said.setdefault(name, Said()).add(value)
        self.steps.append(f"{name}={value}")

    async def unsent(self) -> Any:
        """What this device has still to send."""
        return await self.page.evaluate(UNSENT)

    async def listen(self, seconds: float, *, quiet: bool = False) -> bool:
        """Wait for the page to say that all is kept, or to have nothing to send and to say; whether it did."""
        end = time.monotonic() + seconds
        while True:
            seen = await self.look()
            if seen.get("kept") or (quiet and not seen.get("said") and not self.shelf and not await self.unsent()):
                for each in self.said.get(seen["response"], {}).values():
                    each.keep()
                return True
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.03)

    async def open(self, page: Page | None = None) -> None:
        """Open the link as anybody does, in this tab or another; without a network as soon as there is one."""
        if page:
            self.page = page
        if self.is_offline:
            await self.online()
        if self.shelf:
            await self.page.add_init_script(self.shelf)
        await self.reach(lambda: self.page.goto(self.house.address))

    async def reach(self, load: Callable[[], Awaitable[Any]]) -> None:
        """Load a page, once more where the network or the server was away."""
        for _ in range(6):
            await self.house.is_up()
            with contextlib.suppress(Error):
                await load()
            with contextlib.suppress(Error):
                if await self.page.evaluate("Boolean(document.querySelector('main'))"):
                    return
            if self.is_offline:
                for _ in range(50):
                    await asyncio.sleep(0.1)
                    with contextlib.suppress(Error):
                        if await self.page.evaluate("location.protocol === 'chrome-error:'"):
                            break
                await self.online()
            load = self.page.reload
        self.wrong.append("no page")

    async def same(self, act: Callable[[], Awaitable[Any]]) -> None:
        """Something after which the same person is still there, with everything said."""
        before = await self.look()
        await act()
        after = await self.look()
        if self.shelf or "response" not in before or "response" not in after:
            return
        if after["response"] != before["response"]:
            self.wrong.append(f"somebody else after {self.steps[-1]}")
            return
        for name, each in self.said.get(before["response"], {}).items():
            # A tab that was copied while somebody wrote does not show what the first one keeps.
            was_shown = before["shown"].get(name, "") == each.since[-1]
            if was_shown and after["shown"].get(name, "") != each.since[-1]:
                self.wrong.append(f"{name} shows {after['shown'].get(name)!r} after {self.steps[-1]}: {each.since}")

    # --- what happens to them ---

    async def reload(self) -> None:
        await self.same(lambda: self.reach(self.page.reload))

    async def back(self) -> None:
        async def leave() -> None:
            await self.reach(lambda: self.page.goto(f"{self.house.address.rpartition('/s/')[0]}/r/"))
            await self.reach(self.page.go_back)

        await self.same(leave)

    async def kill_tab(self) -> None:
        await self.page.close()
        await self.open(await self.context.new_page())

    async def crash(self) -> None:
        devtools = await self.context.new_cdp_session(self.page)
        crashed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def note(_: Page) -> None:
            if not crashed.done():
                crashed.set_result(None)

        self.page.once("crash", note)
        dying = asyncio.ensure_future(devtools.send("Page.crash"))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(crashed, 5)
        dying.cancel()
        with contextlib.suppress(Error, asyncio.CancelledError):
            await dying
        for each in self.context.pages:
            await each.close()
        await self.open(await self.context.new_page())

    async def kill_browser(self) -> None:
        if not self.profile or not self.process:
            await self.crash()
            return
        await asyncio.to_thread(end, self.process)
        self.process, self.context = await own_browser(self.house.driver, self.profile)
        self.is_offline = False
        await self.open(self.context.pages[0])

    async def offline(self) -> None:
        if self.is_offline:
            await self.online()
            return
        self.is_offline = True
        await self.context.set_offline(offline=True)

    async def online(self) -> None:
        self.is_offline = False
        await self.context.set_offline(offline=False)

    async def kill_server(self) -> None:
        asyncio.ensure_future(self.house.restart(self.chance.uniform(0, 2), kindly=False)).add_done_callback(_raise)
        await asyncio.sleep(0.1)

    async def restart_server(self) -> None:
        asyncio.ensure_future(self.house.restart(0, kindly=True)).add_done_callback(_raise)
        await asyncio.sleep(0.1)

    async def deny(self) -> None:
        self.shelf = self.chance.choice([DENY, FULL])
        await self.page.evaluate(f"() => {{ {self.shelf} }}")
        await self.page.add_init_script(self.shelf)

    async def clock(self) -> None:
        await self.page.evaluate(f"() => {BEHIND}")
        await self.page.add_init_script(BEHIND)

    async def second_tab(self) -> None:
        await self.open(await self.context.new_page())

    async def other_tab(self) -> None:
        """Go on where they were before."""
        self.page = self.chance.choice(self.context.pages)
        if "/s/" not in self.page.url:
            await self.open()

    async def copy_tab(self) -> None:
        """Double the tab, as its menu does: the copy begins with what the first one keeps for itself."""
        if self.is_offline or self.shelf:
            return
        await self.house.is_up()
        async with self.page.expect_popup() as opened:
            await self.page.evaluate("() => { window.open('/r/') }")
        self.page = await opened.value
        await self.page.wait_for_load_state()
        await self.page.add_init_script(COPIED)
        await self.reach(lambda: self.page.goto(self.house.address))

    async def speak(self) -> None:
        """Another language."""
        if self.is_offline:
            await self.online()
        self.lang = self.chance.choice([each for each in ("en", "zh-Hant", "zh-Hans") if each != self.lang])

        async def turn() -> None:
            await self.house.is_up()
            await self.page.locator(f"button[name=lang][value={self.lang}]").click()
            await self.page.wait_for_selector(f"html[lang={self.lang}]", timeout=20_000)

        if await self.page.locator("#survey").count():
            await self.same(turn)

    async def send(self) -> None:
        """Send it all, and be thanked."""
        seen = await self.look()
        if "response" not in seen:
            return
        await self.page.locator("button.send").last.click()
        self.steps.append("send")
        if not self.said.get(seen["response"]):
            return
        await self.page.wait_for_url("**/thanks*", timeout=30_000)
        self.sent.add(seen["response"])
        for each in self.said[seen["response"]].values():
            each.keep()

    # --- their whole way ---

    async def walk(self) -> None:
        """Answers and cuts; then the network is there again, and everything must be sent soon."""
        if self.chance.random() < 0.15:
            self.shelf = self.chance.choice([DENY, FULL])
        await self.open()
        for _ in range(self.chance.randint(3, 6)):
            await self.answer()
            if self.chance.random() < 0.6:
                await self.listen(self.chance.uniform(0, 1.5))
            cut = self.chance.choices(list(CUTS), weights=[each for _, each in CUTS.values()])[0]
            self.steps.append(cut)
            self.cuts[cut] += 1
            await CUTS[cut][0](self)
        await self.end()

    async def end(self) -> None:
        """The network is there again; they send, or go away."""
        if self.chance.random() < 0.7:
            await self.answer()
        ends = self.chance.random() < 0.6
        if self.is_offline and ends:
            asyncio.get_running_loop().call_later(0.5, lambda: asyncio.ensure_future(self.online()))
        elif self.is_offline:
            await self.online()
        await self.house.is_up()
        if ends:
            await self.send()
        elif self.said.get((await self.look()).get("response", "")):
            began = time.monotonic()
            if not await self.listen(4 * QUIET_S, quiet=True) and (await self.look())["said"]:
                self.wrong.append("does not say that it is saved")
            self.emptied_s = time.monotonic() - began
        await self.come_back()

    async def come_back(self) -> None:
        """All pages are closed, and the link is opened once more: what was left is sent now."""
        for each in self.context.pages[1:]:
            await each.close()
        self.shelf = ""
        last = await self.context.new_page()
        await self.context.pages[0].close()
        self.page = last
        await self.reach(lambda: last.goto(self.house.address))
        began = time.monotonic()
        while left := await self.unsent():
            if time.monotonic() - began > 4 * QUIET_S:
                self.wrong.append(f"not sent: {left}")
                break
            await asyncio.sleep(0.03)
        self.emptied_s = max(self.emptied_s or 0.0, time.monotonic() - began)


CUTS: Final[dict[str, tuple[Cut, float]]] = {
    "reload": (Person.reload, 1),
    "back": (Person.back, 1),
    "kill tab": (Person.kill_tab, 0.7),
    "crash": (Person.crash, 0.5),
    "kill browser": (Person.kill_browser, 0.5),
    "offline": (Person.offline, 2),
    "kill server": (Person.kill_server, 0.25),
    "restart server": (Person.restart_server, 0.1),
    "storage denied": (Person.deny, 0.6),
    "clock a day behind": (Person.clock, 0.8),
    "second tab": (Person.second_tab, 0.7),
    "other tab": (Person.other_tab, 0.5),
    "copied tab": (Person.copy_tab, 0.5),
    "language": (Person.speak, 1),
}


def _raise(done: asyncio.Future[None]) -> None:
    done.result()


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a browser whole, as an empty battery does."""
    kill(process)


async def own_browser(driver: Playwright, profile: Path) -> tuple[subprocess.Popen[bytes], BrowserContext]:
    """A browser whose process is its person's alone, on what it kept before."""
    told = profile / "DevToolsActivePort"
    told.unlink(missing_ok=True)
    command = [str(chromium()), *FLAGS, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([*command, "about:blank"], stdout=quiet, stderr=quiet, start_new_session=True)
    for _ in range(600):
        if told.exists() and told.read_text(encoding="ascii").count("\n"):
            break
        await asyncio.sleep(0.05)
    port = told.read_text(encoding="ascii").split()[0]
    browser = await driver.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
    return process, browser.contexts[0]


async def person(house: House, number: int) -> Person:
    """Somebody walks through the survey."""
    chance = random.Random(number)  # noqa: S311 — no secret
    profile = process = None
    if chance.random() < 0.08:
        profile = Path(tempfile.mkdtemp(dir=house.folder))
        process, context = await own_browser(house.driver, profile)
        page = context.pages[0]
    else:
        context = await house.browser.new_context(viewport={"width": 360, "height": 640}, locale="en")
        page = await context.new_page()
    somebody = Person(house, number, chance, context, page, profile, process)
    context.set_default_timeout(20_000)
    try:
        await somebody.walk()
    except Error as error:
        somebody.wrong.append(f"{str(error).splitlines()[0]} at {somebody.page.url}")
    finally:
        with contextlib.suppress(Error):
            await somebody.context.close()
        if somebody.process and somebody.profile:
            await asyncio.to_thread(end, somebody.process)
            shutil.rmtree(somebody.profile, ignore_errors=True)
    return somebody
