from __future__ import annotations

import hashlib
import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509

from serving.certificate import Certificate, certificate_for
from serving.errors import ServingError

NAMES = ["lab-7", "lab-7.local", "localhost"]
IPS = [ip_address("192.168.1.20"), ip_address("fd00::2")]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "serve"


def read(certificate: Certificate) -> x509.Certificate:
    return x509.load_pem_x509_certificates(certificate.chain_file.read_bytes())[0]


def test_it_names_every_name_and_address(folder: Path) -> None:
    made = read(certificate_for(NAMES, IPS, folder, NOW))
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == NAMES
    assert names.get_values_for_type(x509.IPAddress) == IPS


def test_it_holds_as_long_as_browsers_accept(folder: Path) -> None:
    made = read(certificate_for(NAMES, IPS, folder, NOW))
    assert made.not_valid_before_utc < NOW < made.not_valid_after_utc
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=397)


def test_only_the_owner_can_read_what_is_kept(folder: Path) -> None:
    kept = certificate_for(NAMES, IPS, folder, NOW)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.key_file.stat().st_mode) == 0o600
    kept.key_file.chmod(0o644)
    certificate_for(NAMES, IPS, folder, NOW)
    assert stat.S_IMODE(kept.key_file.stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["authority.pem", "certificate.pem", "key.pem"]


def test_the_key_of_the_authority_is_nowhere(folder: Path) -> None:
    kept = certificate_for(NAMES, IPS, folder, NOW)
    keys = [path.name for path in folder.iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert keys == ["key.pem"]
    authority = x509.load_pem_x509_certificate(kept.authority_file.read_bytes())
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    made = read(kept)
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    made.verify_directly_issued_by(authority)
    assert authority.public_key() != made.public_key()


def test_it_is_kept_while_it_fits(folder: Path) -> None:
    first = certificate_for(NAMES, IPS, folder, NOW)
    second = certificate_for(NAMES, IPS, folder, NOW + timedelta(days=300))
    assert (first.made_now, second.made_now) == (True, False)
    assert first.fingerprint == second.fingerprint


def test_the_fingerprint_is_that_of_the_bytes_that_a_browser_gets(folder: Path) -> None:
    kept = certificate_for(NAMES, IPS, folder, NOW)
    first_pem = (
        kept.chain_file.read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    )
    der = ssl.PEM_cert_to_DER_cert(first_pem)
    assert kept.fingerprint == hashlib.sha256(der).digest().hex(":").upper()


def test_an_address_that_went_does_not_cost_its_trust(folder: Path) -> None:
    first = certificate_for(NAMES, IPS, folder, NOW)
    assert certificate_for(NAMES, IPS[:1], folder, NOW).fingerprint == first.fingerprint


@pytest.mark.parametrize(
    ("names", "ips", "days"),
    [
        (NAMES, [*IPS, ip_address("10.0.0.5")], 0),
        ([*NAMES, "raut.example"], IPS, 0),
        (NAMES, IPS, 390),
        (NAMES, IPS, -30),
    ],
    ids=["new address", "new name", "about to expire", "clock was set back"],
)
def test_it_is_made_anew_when_it_no_longer_fits(folder: Path, names: list[str], ips: list, days: int) -> None:
    first = certificate_for(NAMES, IPS, folder, NOW)
    second = certificate_for(names, ips, folder, NOW + timedelta(days=days))
    assert second.made_now
    assert second.fingerprint != first.fingerprint


@pytest.mark.parametrize("file", ["key.pem", "certificate.pem"])
@pytest.mark.parametrize("content", [b"", b"no PEM at all", None], ids=["empty", "broken", "missing"])
def test_it_is_made_anew_when_a_file_is_damaged(folder: Path, file: str, content: bytes | None) -> None:
    certificate_for(NAMES, IPS, folder, NOW)
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    second = certificate_for(NAMES, IPS, folder, NOW)
    assert second.made_now
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(second.chain_file, second.key_file)


def test_a_key_of_another_certificate_is_noticed(folder: Path, tmp_path: Path) -> None:
    certificate_for(NAMES, IPS, folder, NOW)
    other = certificate_for(NAMES, IPS, tmp_path / "other", NOW)
    (folder / "key.pem").write_bytes(other.key_file.read_bytes())
    assert certificate_for(NAMES, IPS, folder, NOW).made_now


def test_files_of_others_beside_it_stay(folder: Path) -> None:
    folder.mkdir(parents=True)
    for part in ("key", "certificate", "authority"):
        (folder / f"{part}.new").write_text("mine")
    certificate_for(NAMES, IPS, folder, NOW)
    assert {path.read_text() for path in folder.glob("*.new")} == {"mine"} and len(
        list(folder.iterdir())
    ) == 6


def test_a_folder_that_cannot_be_made_gives_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ServingError, match="RAUT_SERVE_DIR"):
        certificate_for(NAMES, IPS, tmp_path / "file" / "serve", NOW)


def test_a_very_long_name_of_the_computer_is_no_trouble(folder: Path) -> None:
    name = ".".join(["a" * 60] * 3)
    made = read(certificate_for([name], IPS, folder, NOW))
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [name]
