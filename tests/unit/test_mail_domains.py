"""Mail domains: how long they wait, and whose fault an answer tells of."""

from datetime import timedelta

import pytest

from sekaps.domain.mail_domains import Verdict, backoff, domain_of, verdict_on_message, verdict_on_recipient


@pytest.mark.parametrize(
    ("refusals", "minutes"), [(1, 5), (2, 10), (3, 20), (7, 320), (8, 360), (9, 360), (1_000_000, 360)]
)
def test_the_wait_doubles_with_each_refusal_up_to_six_hours(refusals: int, minutes: int) -> None:
    assert backoff(refusals) == timedelta(minutes=minutes)


@pytest.mark.parametrize("address", ["a@people.invalid", "A@People.INVALID", '"a@b"@people.invalid'])
def test_a_domain_is_what_follows_the_last_at_sign_in_small_letters(address: str) -> None:
    assert domain_of(address) == "people.invalid"


@pytest.mark.parametrize(
    ("code", "answer", "verdict"),
    [
        (451, "4.4.1 no answer from host", Verdict.DOMAIN),
        (450, "4.1.2 domain not found", Verdict.DOMAIN),
        (451, "4.7.1 try later", Verdict.DOMAIN),
        (450, "busy", Verdict.DOMAIN),
        (450, "4.2.0 greylisted", Verdict.LATER),
        (452, "4.2.2 mailbox full", Verdict.LATER),
        (450, "4.1.1 unverified", Verdict.LATER),
        (550, "5.1.1 unknown", Verdict.NEVER),
        (553, "4.2.2 mailbox full", Verdict.NEVER),
        (421, "4.3.2 closing", Verdict.RELAY),
    ],
)
def test_a_refused_recipient_is_a_matter_of_its_mailbox_its_domain_or_the_relay(
    code: int, answer: str, verdict: Verdict
) -> None:
    assert verdict_on_recipient(code, answer) is verdict


@pytest.mark.parametrize(("code", "verdict"), [(451, Verdict.LATER), (554, Verdict.NEVER), (421, Verdict.RELAY)])
def test_a_refused_message_says_nothing_of_its_domain(code: int, verdict: Verdict) -> None:
    assert verdict_on_message(code) is verdict
