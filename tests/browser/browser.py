"""A browser without a window, for the tests of web pages: Chromium, driven through chromedriver by the WebDriver
protocol (https://www.w3.org/TR/webdriver2/). Needs nothing beyond Python's library.

    from browser import Browser
    with Browser() as page:
        page.open("file:///tmp/report.html")
        page.click("#errors-only")
        assert page.run("return document.title") == "Report"
        assert page.complaints() == [] and page.requests() == []

It talks to chromedriver on a free port of 127.0.0.1, keeps its profile in a new folder, and ends what it started.
"""

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
OWN = ("file:", "data:", "blob:", "chrome:", "about:")
KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " ", "Shift": "\ue008",
    "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "Home": "\ue011", "End": "\ue010",
}
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en",
]


def missing():
    """The programs that this module needs and that are not installed."""
    return [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]


class WebDriverError(Exception):
    """What the driver answered instead of a result: its code and its words."""


class Browser:
    """One window. `width` and `height` in CSS pixels; `dark` is the reader's preferred colour scheme;
    `touch` shows the page as a telephone does (a true narrow viewport, which a window alone can't be)."""

    def __init__(self, width=1280, height=900, dark=False, touch=False, accept_any_certificate=False):
        self.size, self.dark, self.touch = (width, height), dark, touch
        self.any_certificate = accept_any_certificate
        self._log = []

    def __enter__(self):
        self._folder = tempfile.mkdtemp(prefix="browser-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--allowed-ips=127.0.0.1"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self._base = f"http://127.0.0.1:{port}"
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _start(self):
        deadline = time.monotonic() + 30
        while True:
            try:
                if self._call("GET", "/status")["ready"]:
                    break
            except OSError:
                pass
            if self._driver.poll() is not None or time.monotonic() > deadline:
                raise WebDriverError("chromedriver did not start")
            time.sleep(0.05)
        options = {
            "args": [*FLAGS, f"--user-data-dir={self._folder}", f"--window-size={self.size[0]},{self.size[1]}"],
            "perfLoggingPrefs": {"enableNetwork": True, "enablePage": False},
        }
        capabilities = {
            "browserName": "chrome",
            "acceptInsecureCerts": self.any_certificate,
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._base += "/session/" + session["sessionId"]
        width, height = self.size
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=2 if self.touch else 1, mobile=self.touch)
        self.prefer("dark" if self.dark else "light")

    def __exit__(self, *_):
        try:
            self._call("DELETE", "")
        except (OSError, WebDriverError):
            pass
        self._driver.terminate()
        try:
            self._driver.wait(10)
        except subprocess.TimeoutExpired:
            self._driver.kill()
            self._driver.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _call(self, method, path, body=None):
        data = None if method != "POST" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        # No proxy: the driver is on this machine, whatever the environment says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise WebDriverError(f"{value['error']}: {value['message']}") from None

    # Looking at the page

    def open(self, address):
        """Opens an address and waits until the page has loaded."""
        self._call("POST", "/url", {"url": address})

    def address(self):
        """The address that is shown now."""
        return self._call("GET", "/url")

    def run(self, script, *arguments):
        """Runs JavaScript in the page, the body of a function, and returns what it returns."""
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        """The first element that fits a CSS selector, for the functions that take one."""
        return self._call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def count(self, selector):
        """How many elements fit and are shown."""
        return self.run(
            "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).length", selector)

    def text(self, selector):
        """The text of the first element that fits, as shown."""
        return self._call("GET", f"/element/{self.find(selector)}/text")

    def texts(self, selector):
        """The texts of all elements that fit and are shown."""
        return self.run(
            "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility())"
            ".map(e => e.innerText.trim())", selector)

    def wait(self, script, *arguments, seconds=15):
        """Waits until a script returns something true, and returns that. Ends with an error after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            value = self.run(script, *arguments)
            if value:
                return value
            if time.monotonic() > deadline:
                raise TimeoutError(f"never true within {seconds} s: {script} {arguments}")
            time.sleep(0.02)

    def accessible(self, selector):
        """What a screen reader is told: (role, name) of an element."""
        element = self.find(selector)
        return (self._call("GET", f"/element/{element}/computedrole"),
                self._call("GET", f"/element/{element}/computedlabel"))

    # Doing something

    def click(self, selector):
        """Clicks, as a person does: fails if something else lies over the element."""
        self._call("POST", f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        """Types into a field (`\\n` is Enter), or chooses a file in a file field."""
        self._call("POST", f"/element/{self.find(selector)}/value", {"text": text})

    def clear(self, selector):
        """Empties a field."""
        self._call("POST", f"/element/{self.find(selector)}/clear")

    def press(self, *keys):
        """Presses keys one after the other: names of `KEYS`, or characters. `"Shift+Tab"` holds the first."""
        actions = []
        for key in keys:
            parts = [KEYS.get(part, part) for part in (key.split("+") if len(key) > 1 else [key])]
            actions += [{"type": "keyDown", "value": part} for part in parts]
            actions += [{"type": "keyUp", "value": part} for part in reversed(parts)]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def focused(self):
        """The element that has the keyboard, as its opening tag."""
        return self.run("const e = document.activeElement; return e ? e.cloneNode(false).outerHTML : ''")

    def prefer(self, scheme):
        """Sets the preferred colour scheme: "light" or "dark"."""
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def for_print(self):
        """Shows the page as it prints, until the next `prefer`."""
        self.devtools("Emulation.setEmulatedMedia", media="print")

    def devtools(self, command, **parameters):
        """Any command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, path, whole=False):
        """Writes what is shown (or the whole page) as a PNG."""
        image = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))

    # What the page did

    def complaints(self):
        """Warnings and errors of the console, and exceptions, since the last call."""
        entries = self._call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]

    def requests(self):
        """Addresses that pages asked the network for since the last call. Files, `data:`, `blob:` and the
        browser's own first page are no requests."""
        entries = self._call("POST", "/se/log", {"type": "performance"})
        events = [json.loads(entry["message"])["message"] for entry in entries]
        addresses = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        return [a for a in addresses if not a.startswith(OWN)]
