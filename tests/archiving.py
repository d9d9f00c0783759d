"""An archive with a certificate and its private key, and the way of a case to it."""

import io
import zipfile
from datetime import timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from django.utils import timezone

from cases import operations as cases
from cases.models import ArchiveExport
from exitprogram.jobs import runner
from exitprogram.jobs.models import Job
from exitprogram.tenancy.acting import acting


@cache
def archive(bits=3072):
    """(certificate, private key)"""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return certificate(key), key


def certificate(key, *, days=900, since=400, usage=None):
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Kommunarkivet")])
    now = timezone.now()
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(now - timedelta(days=since)).not_valid_after(now + timedelta(days))
    if usage is not None:
        made = made.add_extension(usage, critical=True)
    return made.sign(key, hashes.SHA256())


def pem(found=None):
    return (found or archive()[0]).public_bytes(serialization.Encoding.PEM).decode()


def asked(by, case, **more):
    given = {"recipient": "Kanariearkivet", "purpose": "Kanarieskäl", "certificate": pem(), **more}
    with acting(by):
        return cases.ask_export(by=by, case=case, **given)


def approved(by, export):
    with acting(by):
        return cases.approve_export(by=by, export=export)


def made(by, export):
    """Begun by the asker and done by the worker, as it is in the product."""
    with acting(by):
        job = cases.begin_export(by=by, export=export)
    runner.run(job.authority_id, job.pk)
    with acting(by):
        job = Job.objects.get(pk=job.pk)
        assert job.state == Job.State.DONE, job.why
        return ArchiveExport.objects.get(pk=export.pk)


def fetched(by, export):
    with acting(by):
        return cases.fetch_export(by=by, export=export, persons=export.persons)


def opened(package):
    """{path: bytes} as the archive opens it, without the root folder; (root, files)."""
    found, key = archive()
    data = pkcs7.pkcs7_decrypt_der(package, found, key, [])
    with zipfile.ZipFile(io.BytesIO(data)) as unpacked:
        files = {name: unpacked.read(name) for name in unpacked.namelist()}
    (root,) = {name.split("/", 1)[0] for name in files}
    return root, {name.split("/", 1)[1]: data for name, data in files.items()}
