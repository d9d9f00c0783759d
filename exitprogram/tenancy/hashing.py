"""Passwords whose hashes are worthless to whoever reads the table: Argon2 over the password *and* a key that is in the
environment and never in the database. A guess takes the key, and so does a hash made by somebody else."""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher

from exitprogram.crypto import keys


def _peppered(version, password):
    key = keys.derived(version, "password", "installation")
    return hmac.new(key, password.encode(), hashlib.sha256).hexdigest()


class PepperedArgon2(BasePasswordHasher):
    """``peppered$<number of the key>$<as Django writes Argon2>``. A newer key takes over when somebody signs in."""

    algorithm = "peppered"
    inner = Argon2PasswordHasher()

    def encode(self, password, salt):
        version = keys.newest()
        return f"{self.algorithm}${version}${self.inner.encode(_peppered(version, password), salt)}"

    def decode(self, encoded):
        _algorithm, version, rest = encoded.split("$", 2)
        return self.inner.decode(rest) | {"algorithm": self.algorithm, "version_of_key": int(version), "rest": rest}

    def verify(self, password, encoded):
        read = self.decode(encoded)
        if read["version_of_key"] not in settings.DATA_KEYS:  # taken away: she asks for a new link
            return False
        return self.inner.verify(_peppered(read["version_of_key"], password), read["rest"])

    def must_update(self, encoded):
        read = self.decode(encoded)
        return read["version_of_key"] != keys.newest() or self.inner.must_update(read["rest"])

    def safe_summary(self, encoded):
        return {"algorithm": self.algorithm}

    def harden_runtime(self, password, encoded):
        """Argon2 takes the same time for the same parameters."""
