"""Measures detached signatures in pairs against bare ECDSA and against ``cryptography``'s own CMS in the same run.

Run with ``python benchmarks/signatures_cms.py``; read the ratios, and the rates a CPU second beside them.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from run import Result, compare

from sekaps.evidence.canonical import canonical_bytes
from sekaps.evidence.certificates import Subject
from sekaps.evidence.cms import sign_detached, verify_detached, without_certificates
from sekaps.evidence.frames import frame_of
from sekaps.evidence.kept import sign_kept, verify_kept
from sekaps.evidence.keys import LocalSigner, read_certificate
from sekaps.evidence.local_authority import LocalAuthority
from sekaps.evidence.trust import Trust

SIGNATURES = 2_000
AT = datetime(2023, 3, 1, tzinfo=UTC)
YEARS = (datetime(2023, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
FORM = {"unit": 24312041, "at": AT, "items": [{"name": "Çadır, 12 kişilik", "quantity": place} for place in range(12)]}
OPTIONS = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
HASHING = ec.ECDSA(hashes.SHA256())


def often(work: Callable[[], object]) -> Callable[[], None]:
    """Return the work done for every signature of a run."""

    def run() -> None:
        for _ in range(SIGNATURES):
            work()

    return run


def signing(signer: LocalSigner, content: bytes) -> list[Result]:
    """Measure making a signature against the bare key and against the library's own message."""
    key, certificate, digest = signer.key, read_certificate(signer.certificate), hashlib.sha256(content).digest()

    def library() -> bytes:
        builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
        return builder.sign(Encoding.DER, OPTIONS)

    def empty() -> bytes:
        frame = frame_of(signer)
        return frame.assemble(frame.attributes(digest, AT), digest)

    ours, kept = often(lambda: sign_detached(content, signer, AT)), often(lambda: sign_kept(content, signer, AT))
    bare = often(lambda: key.sign(content, HASHING))
    return [
        compare("CAdES message / bare ECDSA", ours, bare, 2),
        compare("CAdES message / CMS message of cryptography, without CAdES attributes", ours, often(library), 1),
        compare("signature in its kept form / bare ECDSA", kept, bare, 1.5),
        compare("the message without its signature / bare ECDSA", often(empty), bare, 1),
    ]


def verifying(signer: LocalSigner, content: bytes, trust: Trust) -> list[Result]:
    """Measure checking a signature against the bare key."""
    message, kept = sign_detached(content, signer, AT), sign_kept(content, signer, AT)
    public, raw = signer.key.public_key(), signer.key.sign(content, HASHING)
    bare = often(lambda: public.verify(raw, content, HASHING))
    return [
        compare(
            "checking a CAdES message / bare ECDSA",
            often(lambda: verify_detached(content, message, trust, AT)),
            bare,
            2.5,
        ),
        compare("checking the kept form / bare ECDSA", often(lambda: verify_kept(content, kept, trust, AT)), bare, 1.5),
    ]


def main() -> None:
    """Measure every job and tell."""
    with tempfile.TemporaryDirectory() as folder:
        authority = LocalAuthority.open(Path(folder) / "authority", YEARS[0])
        signer = authority.signer_for(Subject("Ayşe Yılmaz", "10233", "Tarım ve Orman Bakanlığı"), *YEARS)
        content = canonical_bytes(FORM)
        results = signing(signer, content) + verifying(signer, content, authority.trust(AT))
    for result in results:
        sign_of = "met" if result.met else "NOT met"
        rate = f"{SIGNATURES / result.ours:9,.0f} a CPU second"
        print(f"{result.ratio:8.3f} x  {rate}  {result.job}  (target {result.target}: {sign_of})")
    message = sign_detached(content, signer, AT)
    print(f"bytes: document {len(content)}, message {len(message)}, kept {len(without_certificates(message))}")
    home = Path(os.environ.get("SEKAPS_HOME", "var"))
    home.mkdir(parents=True, exist_ok=True)
    told = json.dumps([asdict(result) for result in results], indent=2)
    (home / "bench_signatures.json").write_text(told + "\n")


if __name__ == "__main__":
    main()
