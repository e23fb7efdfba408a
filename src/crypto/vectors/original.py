#!/usr/bin/python3
"""The original's own functions behind JSON: a list of operations on standard input, a list of results on standard output."""
import datetime
import hashlib
import json
import sys
import uuid
import warnings

warnings.simplefilter("ignore")

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_login.utils import decode_cookie, encode_cookie
from flask_security import Security
from flask_security.datastore import UserDatastore
from flask_security.utils import get_hmac, hash_password, verify_password
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner
from markupsafe import Markup

clock = {"now": 0}
TimestampSigner.get_timestamp = lambda self: clock["now"]

SCHEMES = ["bcrypt", "argon2", "des_crypt", "pbkdf2_sha256", "pbkdf2_sha512", "sha256_crypt", "sha512_crypt", "scrypt", "plaintext"]

KINDS = {
    "_id": "f00d", "_user_id": "abc", "_fresh": True, "fs_paa": 1700000000.125, "none": None,
    "tuple": (1, "two", [3, (4,)]), "bytes": b"\x00\xff raw", "uuid": uuid.UUID("0123456789abcdef0123456789abcdef"),
    "when": datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.timezone.utc), "safe": Markup("<b>x</b>"),
    "escaped": {" t": {" di": "v"}}, "_flashes": [("error", "na\u00efve \u2028 \U0001f600 \x7f")], "big": 2 ** 70, "list": [[], {}],
}


class Model:
    fs_uniquifier = None


def application(keys, **config):
    app = Flask(__name__)
    app.config.update(SECRET_KEY=keys[0], **config)
    return app


def serializer(o):
    return URLSafeTimedSerializer(
        list(reversed(o["keys"])), salt=o["salt"],
        signer_kwargs={"digest_method": getattr(hashlib, o["digest"]), "key_derivation": o["derivation"]},
    )


def loads(o):
    clock["now"] = o["now"]
    try:
        value, issued = serializer(o).loads(o["token"], max_age=o.get("maxAge"), return_timestamp=True)
        return {"value": value, "issued": int(issued.timestamp())}
    except SignatureExpired:
        return {"error": "expired"}
    except BadSignature:
        return {"error": "invalid"}


def dumps(o):
    clock["now"] = o["now"]
    return serializer(o).dumps(o["value"])


def session_serializer(app):
    return SecureCookieSessionInterface().get_signing_serializer(app)


def session_dumps(o):
    clock["now"] = o["now"]
    app = application(o["keys"])
    with app.app_context():
        return session_serializer(app).dumps(KINDS if o.get("kinds") else o["value"])


def session_loads(o):
    """What the original sees, as text: types and all."""
    clock["now"] = o["now"]
    app = application(o["keys"])
    with app.app_context():
        value = session_serializer(app).loads(o["token"], max_age=o.get("maxAge"))
        return {"same": value == KINDS, "text": repr(sorted(value.items()))}


def remember(o):
    with application(o["keys"]).app_context():
        return encode_cookie(o["payload"]) if "payload" in o else decode_cookie(o["cookie"])


def passwords(o):
    app = application(
        ["k"], SECURITY_PASSWORD_HASH=o["scheme"], SECURITY_PASSWORD_SCHEMES=SCHEMES, SECURITY_PASSWORD_SALT=o.get("salt"),
        SECURITY_PASSWORD_SINGLE_HASH=True if o.get("single") else [], SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=o.get("options", {}),
    )
    Security(app, UserDatastore(Model, Model), register_blueprint=False)
    with app.app_context():
        if "hmac" in o:
            return get_hmac(o["hmac"]).decode()
        return verify_password(o["password"], o["hash"]) if "hash" in o else hash_password(o["password"])


OPERATIONS = {
    "dumps": dumps, "loads": loads, "session_dumps": session_dumps, "session_loads": session_loads,
    "remember": remember, "passwords": passwords,
}


def run(operations):
    return [OPERATIONS[o["op"]](o) for o in operations]


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
