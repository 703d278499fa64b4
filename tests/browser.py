"""Headless Chromium for the tests, through its remote protocol: sockets, nothing else."""

import base64
import json
import os
import shutil
import socket
import struct
import subprocess
import time
import urllib.request
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip


class Browser:
    """A browser with one page open; what it is asked for is JavaScript."""

    def __init__(self, folder, width=1400, height=1000):
        self.process = subprocess.Popen(
            [
                CHROMIUM,
                *FLAGS,
                f"--user-data-dir={folder}",
                f"--window-size={width},{height}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.asked = 0
        try:
            self.socket = self._connected(Path(folder) / "DevToolsActivePort")
        except BaseException:
            self.close()
            raise

    def _connected(self, ports, patience=30):
        deadline = time.monotonic() + patience
        while not ports.exists() or "\n" not in ports.read_text():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise OSError("the browser doesn't start")
            time.sleep(0.05)
        port = int(ports.read_text().split()[0])
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        pages = json.load(opener.open(f"http://127.0.0.1:{port}/json", timeout=30))
        page = next(each for each in pages if each["type"] == "page")
        path = page["webSocketDebuggerUrl"].partition(str(port))[2]
        connected = socket.create_connection(("127.0.0.1", port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        connected.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.stream = connected.makefile("rb")
        while self.stream.readline().strip():
            pass
        return connected

    def ask(self, method, **params):
        """Send one command; return its result."""
        self.asked += 1
        message = json.dumps({"id": self.asked, "method": method, "params": params}).encode()
        size = len(message)
        head = struct.pack("!BBH", 0x81, 0x80 | 126, size) if size < 65536 else None
        head = head or struct.pack("!BBQ", 0x81, 0x80 | 127, size)
        self.socket.sendall(head + b"\0\0\0\0" + message)  # masked with nothing
        while True:
            answer = self._message()
            if answer.get("id") == self.asked:
                assert "error" not in answer, answer
                return answer["result"]

    def _message(self):
        """Read one message; those of the protocol come whole or in pieces."""
        whole = b""
        while True:
            first, second = self.stream.read(2)
            size = second & 127
            if size > 125:
                size = int.from_bytes(self.stream.read(2 if size == 126 else 8), "big")
            whole += self.stream.read(size)
            if first & 0x80:
                return json.loads(whole) if first & 15 in (0, 1) else {}

    def open(self, path, dark=False, script=True):
        """Open a file and wait for it."""
        value = "dark" if dark else "light"
        features = [{"name": "prefers-color-scheme", "value": value}]
        self.ask("Emulation.setEmulatedMedia", features=features)
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)
        self.ask("Page.navigate", url=Path(path).absolute().as_uri())
        deadline = time.monotonic() + 60
        while self.run("document.readyState + location.protocol") != "completefile:":
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def run(self, script):
        """Return what an expression comes to."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        result = self.ask("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def hover(self, element):
        """Move the mouse over the element that an expression gives."""
        x, y = self.middle(element)
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def touch(self, element):
        """Touch the element that an expression gives."""
        x, y = self.middle(element)
        self.ask("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        self.ask("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def middle(self, element):
        """Bring an element into view; return the middle of it."""
        return self.run(
            f"(() => {{ const e = {element}; e.scrollIntoView({{block: 'center'}});"
            "const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )

    def press(self, key):
        """Press a key."""
        code = {"ArrowRight": 39, "ArrowDown": 40, "Escape": 27, "Tab": 9, " ": 32}[key]
        named = {"key": key, "code": key.strip() or "Space", "windowsVirtualKeyCode": code}
        for kind in ("rawKeyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, **named)

    def picture(self, path):
        """Keep what is seen as a PNG."""
        shot = self.ask("Page.captureScreenshot", format="png")
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        """End the browser."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
