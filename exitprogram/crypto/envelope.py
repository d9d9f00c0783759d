"""A file that only the holder of a certificate's private key can open: CMS EnvelopedData (RFC 5652), AES-256.

What every archive's tools open (``openssl cms -decrypt``). No password is made, shown, mailed or kept; what lies in
somebody's folder for downloads opens with nothing that we have.
"""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7

from exitprogram.errors import Refused

LEAST_BITS = 3072
LONGEST = 20_000
FORM = "Klistra in hela certifikatet, från -----BEGIN CERTIFICATE----- till -----END CERTIFICATE-----."


def certificate_of(text, *, at):
    """The certificate in a PEM text, fit to encrypt to at this moment. Raises Refused with a sentence."""
    if len(text) > LONGEST or text.count("BEGIN CERTIFICATE") != 1 or "PRIVATE KEY" in text:
        raise Refused(f"{FORM} Ett enda certifikat, och aldrig en privat nyckel.")
    try:
        found = x509.load_pem_x509_certificate(text.strip().encode())
        key, may_encrypt = found.public_key(), _may_encrypt(found)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        raise Refused(f"Det går inte att läsa som ett certifikat. {FORM}") from None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < LEAST_BITS:
        raise Refused(f"Certifikatets nyckel ska vara RSA på minst {LEAST_BITS} bitar. Be arkivet om ett annat.")
    if not found.not_valid_before_utc <= at <= found.not_valid_after_utc:
        raise Refused("Certifikatet gäller inte i dag. Be arkivet om ett som gäller.")
    if not may_encrypt:
        raise Refused("Certifikatet är inte gjort för kryptering. Be arkivet om ett annat.")
    return found


def _may_encrypt(certificate):
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_encipherment
    except x509.ExtensionNotFound:
        return True


def pem_of(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def fingerprint_of(certificate):
    """As it is read aloud on the telephone: SHA-256 in pairs."""
    digest = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def enveloped(data, certificate):
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(data).add_recipient(certificate)
    builder = builder.set_content_encryption_algorithm(algorithms.AES256)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
