"""What may not be done is refused in one clear line; the refusal stands on the trail, and nothing else changed."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from small_country import Country, make_country, on
from sqlalchemy import func, select

from sekaps.calendar.instants import at
from sekaps.cli import sign as sign_verbs
from sekaps.cli.main import run
from sekaps.database import reading, transaction
from sekaps.evidence.certificates import Subject
from sekaps.evidence.keys import LocalSigner
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.keyring import AUTHORITY_FROM, AuthorityKeys, keyring
from sekaps.models.documents import Chain, Document, Signature
from sekaps.models.registry import Unit
from sekaps.services.registry import end_mandates
from sekaps.settings import settings

MARCH, DAY = at(on(2023, 3, 1).date()), "2023-03-01"
UNIT, OFFICER, HEAD, STRANGER = "20000009", "1024", "1025", "1000"
"""The military unit, its officer and its head, and somebody of another unit, by their manager codes."""
SIGN = ("sign", "IBC-1", "--as", OFFICER, "--year", "2023", "--as-of", DAY)


@pytest.fixture
def country(database: object) -> Country:
    """A need form that waits for the military unit's officer."""
    with transaction() as session:
        country = make_country(session)
        country.document("IBC-1", "military", country.chains["need"])
    return country


@dataclass
class Told:
    """What a refused command said: its one line, and what the trail keeps of it."""

    line: str
    reason: str


@dataclass
class Desk:
    """Runs commands as a user does and compares what is stored before and after."""

    capsys: pytest.CaptureFixture[str]

    def refuses(self, *words: str, flaws: int = 0) -> Told:
        """Run a command that must be refused; ``flaws`` lines about rows may stand before its one line."""
        stored, acts = everything(), self.acts()
        assert run(["--lang", "en", *words]) in (1, 2)
        said = self.capsys.readouterr()
        *rows, line = said.err.splitlines()
        assert (len(rows), said.out, everything()) == (flaws, "", stored)
        [act] = self.acts()[: len(self.acts()) - len(acts)]
        assert act["outcome"] == "refused"
        return Told(line, act["facts"]["reason"])

    def does(self, *words: str) -> str:
        assert run(["--lang", "en", *words]) == 0
        return self.capsys.readouterr().out

    def acts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.does("audit", "trail", "list", "--last", "999", "--json"))
        return found


@pytest.fixture
def desk(country: Country, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    desk = Desk(capsys)
    yield desk
    assert "the audit trail is whole" in desk.does("audit", "trail", "verify")


def everything() -> list[Any]:
    """Return what a refusal must leave as it was."""
    with reading() as session:
        counts = [session.scalar(select(func.count()).select_from(model)) for model in (Signature, Chain, Unit)]
        states = session.execute(select(Document.number, Document.state, Document.next_slot).order_by(Document.number))
        parents = session.execute(select(Unit.number, Unit.parent_id, Unit.name).order_by(Unit.number))
        return [*counts, list(states), list(parents)]


# By the rules of the chain


def test_a_wrong_person_is_refused(desk: Desk) -> None:
    told = desk.refuses("sign", "IBC-1", "--as", STRANGER, "--year", "2023", "--as-of", DAY)
    assert told.line == f"IBC-1: refused: {told.reason}"
    assert told.reason == "IBC-1 waits for signature 1 of 3, by officer; the signer does not hold that post."


@pytest.mark.parametrize(("ended", "signs"), [(timedelta(seconds=-1), False), (timedelta(seconds=1), True)])
def test_a_mandate_that_ended_a_second_ago_signs_nothing(desk: Desk, country: Country, ended: Any, signs: bool) -> None:
    with transaction() as session:
        mandate = country.mandates["military officer"]
        assert end_mandates(session, country.edition, [mandate], MARCH + ended) == 1
    if signs:
        assert desk.does(*SIGN) == "IBC-1: signed\n"
    else:
        assert "does not hold that post" in desk.refuses(*SIGN).reason


def test_a_clock_that_is_behind_the_signature_before_signs_nothing(desk: Desk) -> None:
    desk.does("sign", "IBC-1", "--as", OFFICER, "--year", "2023", "--as-of", "2023-03-02")
    told = desk.refuses("sign", "IBC-1", "--as", HEAD, "--year", "2023", "--as-of", DAY)
    assert told.reason == (
        "IBC-1 waits for signature 2 since 2 March 2023 08:30; 1 March 2023 08:30 is before that. Set the clock right"
    )


# By the evidence: an agent outside that signs with whatever it has


@dataclass
class Agent:
    """A signing agent: with which key it answers for everybody, and what it does with the digest."""

    house: LocalAuthority
    trusted: Path
    signer: LocalSigner
    digest: Callable[[bytes], bytes] = field(default=lambda digest: digest)
    url: str = ""

    def certify(self, authority: LocalAuthority, year: int = 2022) -> None:
        """Let it sign with a certificate of an authority that holds for three years."""
        self.signer = certified(authority, year)


def certified(authority: LocalAuthority, year: int = 2022) -> LocalSigner:
    years = [datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 3)]
    return authority.signer_for(Subject("Ayşe Yılmaz", OFFICER, "T.C."), years[0], years[1])


@pytest.fixture
def agent(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agent]:
    house, trusted = LocalAuthority.open(tmp_path / "house", AUTHORITY_FROM), tmp_path / "trusted"
    trusted.mkdir()
    (trusted / "root.pem").write_bytes((house.folder / "root.pem").read_bytes())
    agent = Agent(house, trusted, certified(house))
    with HTTPServer(("127.0.0.1", 0), handler(agent)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        agent.url = f"http://127.0.0.1:{server.server_port}"
        for name, value in (("", "agent"), ("_AGENT", agent.url), ("_TRUST", str(trusted))):
            monkeypatch.setenv(f"SEKAPS_SIGNING{name}", value)
        settings.cache_clear()
        yield agent
        server.shutdown()
        thread.join()


def handler(agent: Agent) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say({"certificate": base64.b64encode(agent.signer.certificate).decode(), "chain": []})

        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            signature = agent.signer.sign_digest(agent.digest(base64.b64decode(question["digest"])))
            told = {"signature": signature, "certificate": agent.signer.certificate}
            self.say({name: base64.b64encode(value).decode() for name, value in told.items()})

        def say(self, answer: object) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            return

    return Handler


def test_an_agent_with_a_fit_certificate_signs(agent: Agent, desk: Desk) -> None:
    assert desk.does(*SIGN) == "IBC-1: signed\n"


def test_an_expired_certificate_signs_nothing(agent: Agent, desk: Desk) -> None:
    agent.certify(agent.house, 2019)
    assert desk.refuses(*SIGN).reason == "the certificate had expired when the document was signed"


def test_a_certificate_that_is_not_valid_yet_signs_nothing(agent: Agent, desk: Desk) -> None:
    agent.certify(agent.house, 2024)
    assert desk.refuses(*SIGN).reason == "the certificate was not valid yet when the document was signed"


def test_a_certificate_on_a_revocation_list_signs_nothing(agent: Agent, desk: Desk) -> None:
    agent.house.revoke(agent.signer.certificate, MARCH - timedelta(days=1))
    (agent.trusted / "root.crl").write_bytes(agent.house.crl(MARCH))
    assert desk.refuses(*SIGN).reason == "the certificate was revoked before the signature was received"


def test_a_certificate_of_another_authority_signs_nothing(agent: Agent, desk: Desk, tmp_path: Path) -> None:
    agent.certify(LocalAuthority.open(tmp_path / "other", AUTHORITY_FROM))
    assert desk.refuses(*SIGN).reason == "no trusted authority stands behind the certificate"


def test_a_certificate_for_time_stamps_signs_nothing(agent: Agent, desk: Desk) -> None:
    agent.signer = agent.house.timestamps
    assert desk.refuses(*SIGN).reason == "the certificate is not for signing documents"


def test_a_signature_over_other_bytes_is_refused(agent: Agent, desk: Desk) -> None:
    agent.digest = lambda digest: bytes(len(digest))
    told = desk.refuses(*SIGN)
    assert told.reason == "the signing agent's answer does not hold: the signature does not fit the digest"


def test_a_card_that_somebody_else_has_signed_with_signs_nothing(agent: Agent, desk: Desk) -> None:
    desk.does(*SIGN)
    told = desk.refuses("sign", "IBC-1", "--as", HEAD, "--year", "2023", "--as-of", "2023-03-02")
    assert told.reason == "the certificate is another person's"


class AClockAhead(AuthorityKeys):
    """Keys on a machine whose clock is ten minutes ahead of the engine's."""

    def seal(self, holder: Any, contents: Any, at: datetime) -> Any:
        return super().seal(holder, contents, at + timedelta(minutes=10))


def test_a_signature_that_claims_another_time_than_its_act_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = keyring()
    assert isinstance(keys, AuthorityKeys)
    monkeypatch.setattr(sign_verbs, "keyring", lambda: AClockAhead(keys.authority))
    told = desk.refuses(*SIGN)
    assert told.reason == "the signature claims another time than that of the act; set the signer's clock right"


# Revoking a certificate of the test authority


def revoke(by: str, code: str = OFFICER, day: str = DAY) -> tuple[str, ...]:
    return ("signatory", "revoke-certificate", code, "--reason", "keyCompromise", "--by", by, "--as-of", day)


def test_a_revoked_certificate_signs_nothing_any_more(desk: Desk) -> None:
    assert f"of {OFFICER} signs nothing from 1 March 2023 08:30 on" in desk.does(*revoke("authority"))
    assert desk.acts()[0]["verb"] == "revoke_certificate"
    assert desk.refuses(*SIGN).reason == "the certificate was revoked before the signature was received"


def test_revoking_twice_changes_nothing(desk: Desk) -> None:
    first = desk.does(*revoke("authority"))
    acts = desk.acts()
    again = desk.does(*revoke("authority", day="2023-03-02")).splitlines()
    assert (again[0], again[1] + "\n") == ("that is recorded already; nothing changed", first)
    assert desk.acts() == acts


def test_signatures_made_before_the_revocation_stay_valid_and_those_after_are_reported(
    desk: Desk, country: Country
) -> None:
    desk.does(*SIGN)
    with transaction() as session:
        country.session = session
        country.document("IBC-2", "military", country.chains["need"])
    desk.does("sign", "IBC-2", "--as", OFFICER, "--year", "2023", "--as-of", "2023-03-03")
    desk.does(*revoke(OFFICER, day="2023-03-02"))
    assert run(["audit", "evidence", "verify", "--year", "2023", "--json"]) == 1
    [flaw] = json.loads(desk.capsys.readouterr().out)["flaws"]
    assert (flaw["document"], flaw["slot"], flaw["cause"]) == ("IBC-2", 1, "certificate_revoked")


def test_a_colleague_revokes_nothing(desk: Desk) -> None:
    told = desk.refuses(*revoke(STRANGER))
    assert told.line == f"error: {told.reason}"
    assert told.reason == "not recorded: that person is no responsible of any unit now"
    assert desk.does(*SIGN) == "IBC-1: signed\n"


def test_certificates_from_outside_are_revoked_where_they_were_issued(
    agent: Agent, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "en", *revoke("authority")]) == 2
    assert "whoever issued them revokes them" in capsys.readouterr().err


# Chains and the registry


def test_a_chain_without_signatories_is_refused(desk: Desk) -> None:
    told = desk.refuses("chain", "propose", UNIT, "need_form", "--as", OFFICER, "--as-of", DAY)
    assert told.line == f"error: {told.reason}"
    assert told.reason == "the chain stays as it is: a chain has at least one stage; give each with --stage"


REGISTRY = {
    "a circle": ("20000009;20000010\n20000010;20000009\n", 1, "the units 20000009, 20000010 make a circle"),
    "a number twice": ("20000009;20000002\n20000009;20000003\n", 1, "unit 20000009 stands on row 2 already"),
    "an unknown parent": ("20000009;24999999\n", 1, "24999999 is no unit of the registry"),
}


@pytest.mark.parametrize(("rows", "flaws", "says"), REGISTRY.values(), ids=REGISTRY)
def test_a_registry_that_cannot_be_is_refused_whole(
    desk: Desk, tmp_path: Path, rows: str, flaws: int, says: str
) -> None:
    path = tmp_path / "units.csv"
    path.write_text(f"DETSİS No;Üst Birim\n{rows}", encoding="utf-8")
    told = desk.refuses("registry", "import", str(path), flaws=flaws)
    assert told.line.startswith(f"error: units.csv: {flaws} flaw(s) in {flaws} rows; nothing was imported.")
    assert told.reason == f"units.csv: {flaws} flaw(s); nothing was imported. Correct the file"
    named = desk.acts()[0]["facts"]["named"]
    assert (len(named), says in named[0]["problem"]) == (flaws, True)


# What the trail says of many documents refused at once


def test_documents_refused_for_different_reasons_stand_on_the_trail_each_with_its_own(
    desk: Desk, country: Country
) -> None:
    with transaction() as session:
        country.session = session
        ids = [country.document(f"IBC-{place}", "military", country.chains["need"]) for place in range(2, 6)]
    desk.does("sign", "IBC-2", "IBC-3", "--as", OFFICER, "--year", "2023", "--as-of", DAY)
    numbers = [f"IBC-{place}" for place in range(2, 6)]
    assert run(["sign", *numbers, "--as", STRANGER, "--year", "2023", "--as-of", DAY]) == 1
    desk.capsys.readouterr()
    told = {act["facts"]["reason"]: sorted(act["facts"]["documents"]) for act in desk.acts()[:2]}
    assert told == {
        f"the document waits for signature {slot} of 3, by {post}; the signer does not hold that post.": documents
        for slot, post, documents in ((2, "head", ids[:2]), (1, "officer", ids[2:]))
    }
