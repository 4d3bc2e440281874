"""The certificate of this computer: made here, kept for its owner alone, made anew when it no longer fits.

Browsers give a camera only to a page that came encrypted. An authority is made for one certificate, signs it,
and its key is thrown away: whoever trusts the authority (docs/serving.md) trusts this computer and nothing
else, for nobody can sign a second certificate with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fer_core.files import write_whole
from serving.errors import ServingError

Address = IPv4Address | IPv6Address

VALID_DAYS = 396  # with the day before, 397: browsers refuse more than 398
CLOCKS_DIFFER = timedelta(days=1)  # a phone whose clock is behind must not find it made in the future
RENEW_BEFORE = timedelta(days=7)  # so that it does not expire in the middle of a week's course


@dataclass(frozen=True)
class Certificate:
    """Files of a certificate, and what a person compares with what the browser shows."""

    chain_file: Path
    key_file: Path
    authority_file: Path
    fingerprint: str
    """SHA-256, as browsers write it: "A1:B2:…"."""
    expires: datetime
    made_now: bool


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _names_in(certificate: x509.Certificate) -> set[object]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {*names.get_values_for_type(x509.DNSName), *names.get_values_for_type(x509.IPAddress)}


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _make(
    names: list[str], ips: list[Address], now: datetime
) -> tuple[x509.Certificate, x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Certificate, the authority that signed it, and the certificate's key."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    called = f"Raut on {names[0]}"[:40]
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{called}, {now:%Y-%m-%d %H:%M}")])

    def builder(subject: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority_name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - CLOCKS_DIFFER)
            .not_valid_after(now + timedelta(days=VALID_DAYS))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        )

    authority = (
        builder(authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    certificate = (
        builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)]), key.public_key())
        .add_extension(
            x509.SubjectAlternativeName(
                [*(x509.DNSName(name) for name in names), *(x509.IPAddress(ip) for ip in ips)]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    return certificate, authority, key


def _kept(
    chain_file: Path, key_file: Path, wanted: set[str | Address], now: datetime
) -> x509.Certificate | None:
    """The certificate in the folder, if it is whole, holds for a while, and names everything wanted."""
    try:
        certificate = x509.load_pem_x509_certificates(chain_file.read_bytes())[0]
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        names = _names_in(certificate)
    except (OSError, ValueError, IndexError, TypeError, x509.ExtensionNotFound):
        return None
    # More names than wanted are fine: a laptop that leaves the cable for the radio stays trusted.
    fits = certificate.public_key() == key.public_key() and wanted <= names
    holds = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE
    return certificate if fits and holds else None


def certificate_for(
    names: Iterable[str], ips: Iterable[Address], folder: Path, now: datetime | None = None
) -> Certificate:
    """The certificate kept in `folder`, or a new one when it expires within a week or a name is missing.

    Args:
        names: DNS names, lower case; the first one is shown as the certificate's name.
        ips: IP addresses.
        folder: made if need be; its owner alone may look inside.
        now: time to judge by; the present when left out.

    Raises:
        ServingError: the folder cannot be written.
    """
    names, ips = list(names), list(ips)
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    chain_file, key_file, authority_file = (
        folder / f"{part}.pem" for part in ("certificate", "key", "authority")
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        certificate = _kept(chain_file, key_file, {*names, *ips}, now)
        made_now = certificate is None
        if certificate is None:
            certificate, authority, key = _make(names, ips, now)
            pem = serialization.Encoding.PEM
            # Whole or not at all, and never readable for others in between.
            write_whole(
                key_file,
                key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
                0o600,
            )
            write_whole(chain_file, certificate.public_bytes(pem) + authority.public_bytes(pem), 0o600)
            write_whole(authority_file, authority.public_bytes(pem), 0o600)
        key_file.chmod(0o600)  # also one that somebody copied here
    except OSError as error:
        raise ServingError(
            "The certificate cannot be kept in {folder} ({reason}). Make that folder writable, or name "
            "another one with RAUT_SERVE_DIR.",
            folder=folder,
            reason=error.strerror or type(error).__name__,
        ) from error
    return Certificate(
        chain_file,
        key_file,
        authority_file,
        _fingerprint(certificate),
        certificate.not_valid_after_utc,
        made_now,
    )
