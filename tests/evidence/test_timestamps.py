"""Time stamps: the local authority's, and one from outside over HTTP."""

import asyncio
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import tsp

from sekaps.errors.evidence import SignatureUnreadable, TimestampUnavailable
from sekaps.evidence.timestamps import LocalTimestamper, outside_timestamper, read_timestamp, stamp
from sekaps.evidence.validation import validate_timestamp
from sekaps.evidence.verdicts import Verdict

DIGEST = hashlib.sha256(b"content").digest()


@pytest.fixture
def outside(authority, at):
    """A time-stamp authority on this machine, spoken to as to one outside; ``answers`` overrules what it says."""
    timestamper, answers = LocalTimestamper(authority.timestamps, at), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = asyncio.run(timestamper.async_request_tsa_response(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answers.pop() if answers else answer)

        def log_message(self, *_):
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tsa", answers
        server.shutdown()
        thread.join()


def test_the_local_stamp_says_the_instant_it_was_given(authority, at):
    told = read_timestamp(stamp(DIGEST, LocalTimestamper(authority.timestamps, at)))
    assert (told.at, told.digest) == (at, DIGEST)


def test_two_stamps_of_one_digest_have_different_numbers(authority, at):
    timestamper = LocalTimestamper(authority.timestamps, at)
    first, second = (read_timestamp(stamp(DIGEST, timestamper)) for _ in range(2))
    assert first.serial != second.serial


def test_a_stamp_from_outside_is_fetched_and_holds(authority, at, outside):
    token = stamp(DIGEST, outside_timestamper(outside[0]))
    assert validate_timestamp(token, DIGEST, authority.trust(at), at) is Verdict.VALID


def test_an_answer_to_another_question_is_refused(authority, at, outside):
    asked = tsp.TimeStampReq(
        {"version": 1, "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}}
    )
    answer = asyncio.run(LocalTimestamper(authority.timestamps, at).async_request_tsa_response(asked))
    outside[1].append(answer.dump())
    with pytest.raises(TimestampUnavailable):
        stamp(DIGEST, outside_timestamper(outside[0]), source=outside[0])


@pytest.mark.parametrize("answer", [b"nonsense", bytes.fromhex("30053003020102")])
def test_a_refusal_and_nonsense_are_one_clear_error(outside, answer):
    outside[1].append(answer)
    with pytest.raises(TimestampUnavailable, match="127.0.0.1"):
        stamp(DIGEST, outside_timestamper(outside[0]), source=outside[0])


def test_an_authority_that_is_away_is_one_clear_error():
    with pytest.raises(TimestampUnavailable, match="gave no time stamp"):
        stamp(DIGEST, outside_timestamper("http://127.0.0.1:9/tsa"))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "tsa.example", "http://"])
def test_an_address_that_is_not_http_is_refused(url):
    with pytest.raises(TimestampUnavailable):
        outside_timestamper(url)


def test_nonsense_is_no_time_stamp():
    with pytest.raises(SignatureUnreadable):
        read_timestamp(b"nonsense")
