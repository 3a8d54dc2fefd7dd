"""A signing agent outside: spoken to over HTTP on this machine, and believed only as far as its signature holds."""

import base64
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sekaps.errors.evidence import AgentAddressRefused, AgentAnswerRefused, AgentUnreachable
from sekaps.evidence.agents import LONGEST_ANSWER, AgentSigner
from sekaps.evidence.cms import sign_detached, verify_detached
from sekaps.evidence.pdf_signing import sign_pdf
from sekaps.evidence.verdicts import Verdict

CONTENT = b"content"


def encoded(value):
    return base64.b64encode(value).decode()


@pytest.fixture
def agent(person):
    """An agent that signs with Ayşe's key; what is put into ``answers`` it says instead, with that status."""
    answers, asked = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.say({"certificate": encoded(person().certificate), "chain": []})

        def do_POST(self):
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, question))
            signature = person().sign_digest(base64.b64decode(question["digest"]))
            self.say({"signature": encoded(signature), "certificate": encoded(person().certificate)})

        def say(self, answer):
            status, content = answers.pop() if answers else (200, json.dumps(answer).encode())
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/", answers, asked
        server.shutdown()
        thread.join()


def test_an_agent_signs_behind_the_port(agent, authority, at):
    signer = AgentSigner.at(agent[0], "ayşe/1")
    message = sign_detached(CONTENT, signer, at)
    path, question = agent[2][0]
    assert verify_detached(CONTENT, message, authority.trust(at), at) is Verdict.VALID
    assert path == "/v1/signatures"
    assert (question["key_id"], question["algorithm"]) == ("ayşe/1", "ecdsa-sha256")


def test_an_agent_that_is_away_is_one_clear_error(person):
    with pytest.raises(AgentUnreachable, match="nothing was signed"):
        AgentSigner("http://127.0.0.1:9", "a", person().certificate).sign_digest(bytes(32))


def test_an_agent_that_says_nothing_is_not_waited_for(person):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(AgentUnreachable):
            AgentSigner(address, "a", person().certificate, seconds_to_wait=0.2).sign_digest(bytes(32))


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (500, b"{}", "status 500"),
        (302, b"{}", "status 302"),
        (200, b"nonsense", "not JSON"),
        (200, b"[]", "not JSON"),
        (200, b"{}", "not base64"),
        (200, b'{"signature": "*"}', "not base64"),
        (200, b'{"signature": 7}', "not base64"),
        (200, b" " * (LONGEST_ANSWER + 1), "longer than"),
    ],
)
def test_nonsense_is_refused_and_named(agent, person, status, content, said):
    agent[1].append((status, content))
    with pytest.raises(AgentAnswerRefused, match=said):
        AgentSigner(agent[0], "a", person().certificate).sign_digest(bytes(32))


def test_a_signature_over_something_else_is_refused(agent, person):
    other = {"signature": encoded(person().sign_digest(b"x" * 32)), "certificate": encoded(person().certificate)}
    agent[1].append((200, json.dumps(other).encode()))
    with pytest.raises(AgentAnswerRefused, match="does not fit"):
        AgentSigner(agent[0], "a", person().certificate).sign_digest(bytes(32))


def test_a_signature_with_another_certificate_is_refused(agent, person):
    with pytest.raises(AgentAnswerRefused, match="another certificate"):
        AgentSigner(agent[0], "a", person("7").certificate).sign_digest(bytes(32))


@pytest.mark.parametrize("told", [{"certificate": encoded(b"none")}, {"certificate": "", "chain": 1}, {}])
def test_a_certificate_that_is_none_is_refused(agent, told):
    agent[1].append((200, json.dumps(told).encode()))
    with pytest.raises(AgentAnswerRefused):
        AgentSigner.at(agent[0], "a")


@pytest.mark.parametrize(
    "address",
    [
        "http://agent.example",
        "http://10.0.0.1:8080",
        "http://localhost.example",
        "ftp://127.0.0.1",
        "file:///x",
        "",
        "http://[x",
    ],
)
def test_an_address_that_is_neither_here_nor_https_is_refused(address):
    with pytest.raises(AgentAddressRefused):
        AgentSigner.at(address, "a")


def test_a_pdf_is_not_signed_when_the_agent_is_away(person, at):
    from sekaps.evidence.pdf import PdfPage, document_pdf

    page = document_pdf(PdfPage("Plan", "E-1", "Kurum", [], [], bytes(32), at, is_test=True))
    with pytest.raises(AgentUnreachable):
        sign_pdf(page, AgentSigner("http://127.0.0.1:9", "a", person().certificate), at)
