"""What alarms do, and what happens when it goes wrong."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from emgdetect.alarms import Bell, Command, Performer, Post
from emgdetect.errors import EmgError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FACTS = {"alarm": "spasm>5s", "text": "left leg: spasm on RAW for 5.1 s"}


class Web:
    """A web server on this computer that remembers what it was asked."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, bytes]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                web.heard.append(("POST", self.path, body))
                code = int(self.path.rsplit("/", 1)[-1])
                self.send_response(code)
                if code == 302:
                    self.send_header("Location", "/elsewhere/200")
                self.end_headers()

            def do_GET(self) -> None:
                web.heard.append(("GET", self.path, b""))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def web() -> Iterator[Web]:
    served = Web()
    thread = threading.Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield served
    served.server.shutdown()
    thread.join()
    served.server.server_close()


def test_a_post_is_one_json_object(web: Web) -> None:
    Post(f"{web.address}/200").do(FACTS)
    ((method, path, body),) = web.heard
    assert (method, path, json.loads(body)) == ("POST", "/200", FACTS)


def test_a_redirection_is_not_followed(web: Web) -> None:
    with pytest.raises(EmgError):
        Post(f"{web.address}/302").do(FACTS)
    assert [path for _, path, _ in web.heard] == ["/302"]


def test_no_proxy_is_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    Post(f"{web.address}/200").do(FACTS)
    assert len(web.heard) == 1


@pytest.mark.parametrize("code", [404, 500])
def test_an_answer_that_refuses_is_an_error(web: Web, code: int) -> None:
    with pytest.raises(EmgError, match=str(code)):
        Post(f"{web.address}/{code}").do(FACTS)


def test_nobody_there_is_an_error() -> None:
    with pytest.raises(EmgError, match="cannot be posted to"):
        Post("http://127.0.0.1:9/").do(FACTS)


def test_a_command_finds_the_facts_and_no_shell_reads_it(tmp_path: Path) -> None:
    target = tmp_path / "said; $HOME"
    code = "import os, sys; open(sys.argv[1], 'w').write(os.environ['EMGDETECT_TEXT'])"
    Command((sys.executable, "-c", code, str(target))).do(FACTS)
    assert target.read_text() == FACTS["text"]


@pytest.mark.parametrize("words", [(sys.executable, "-c", "raise SystemExit(3)"), ("/no/such/program",)])
def test_a_command_that_fails_is_an_error(words: tuple[str, ...]) -> None:
    with pytest.raises(EmgError):
        Command(words).do(FACTS)


def test_the_bell_rings(capsys: pytest.CaptureFixture[str]) -> None:
    Bell().do(FACTS)
    assert capsys.readouterr().err == "\a"


class Stuck:
    """Something that takes until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def do(self, facts: Mapping[str, str]) -> None:  # noqa: ARG002 - it does nothing
        self.go.wait(20)

    def __str__(self) -> str:
        return "stuck"


class Wrong:
    def do(self, facts: Mapping[str, str]) -> None:
        raise RuntimeError(facts["text"])


def test_what_fails_is_told_and_what_hangs_holds_up_nobody() -> None:
    complaints: list[str] = []
    performer, stuck = Performer(complaints.append), Stuck()
    for _ in range(9):
        performer.do(stuck, FACTS)
    assert complaints == ["alarm: stuck was left out, 8 others are still at it"]
    stuck.go.set()
    performer.finish()
    performer.do(Wrong(), FACTS)
    performer.finish()
    assert complaints[1:] == [f"alarm failed: {FACTS['text']}"]
