"""Writes Tests/MLOpsConnectorsTests/Fixtures/sigv4.json: requests with their signatures by botocore.

The signatures that AWS published, in its Signature Version 4 test suite and in the S3 API reference ("Signature
Calculations for the Authorization Header"), are stated here and compared. Needs botocore.
Usage: python3 Tests/Oracles/sigv4_vectors.py
"""
import datetime, hashlib, json, pathlib, urllib.parse
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SUITE = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "service", "20150830T123600Z")
S3 = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "s3", "20130524T000000Z")
BUCKET = "examplebucket.s3.amazonaws.com"
EXAMPLE = "example.amazonaws.com"

# name, keys, method, host, path as sent, query, headers beside host and x-amz-date, body, published signature
CASES = [
    ("get-vanilla", SUITE, "GET", EXAMPLE, "/", [], [], "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-vanilla-query-order-key-case", SUITE, "GET", EXAMPLE, "/", [("Param2", "value2"), ("Param1", "value1")], [], "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("get-utf8", SUITE, "GET", EXAMPLE, "/%E1%88%B4", [], [], "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ("post-vanilla", SUITE, "POST", EXAMPLE, "/", [], [], "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-x-www-form-urlencoded", SUITE, "POST", EXAMPLE, "/", [],
     [("content-type", "application/x-www-form-urlencoded")], "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    ("get-header-value-trim", SUITE, "GET", EXAMPLE, "/", [],
     [("my-header1", " value1"), ("my-header2", ' "a   b   c"')], "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ("s3 get object", S3, "GET", BUCKET, "/test.txt", [], [("range", "bytes=0-9")], "",
     "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    ("s3 put object", S3, "PUT", BUCKET, "/test%24file.text", [],
     [("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
     "Welcome to Amazon S3.", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
    ("s3 get bucket lifecycle", S3, "GET", BUCKET, "/", [("lifecycle", "")], [], "",
     "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    ("s3 list objects", S3, "GET", BUCKET, "/", [("max-keys", "2"), ("prefix", "J")], [], "",
     "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ("s3 odd key and query", S3, "GET", BUCKET, "/a%20b/%2B%C3%BC%7E.jpg", [("prefix", "a b/+ü~"), ("empty", "")],
     [("x-amz-security-token", "token/with+signs==")], "", None),
]


def sign(keys, method, host, path, query, headers, body):
    access, secret, service, stamp = keys
    # Of services but S3, botocore encodes the path once more.
    path = path if service == "s3" else urllib.parse.unquote(path)
    request = AWSRequest(method=method, url=f"https://{host}{path}", data=body.encode(), params=query or None)
    for name, value in headers:
        request.headers[name] = value
    request.headers["Host"] = host
    when = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    token = dict(headers).get("x-amz-security-token")
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    auth = kind(Credentials(access, secret, token), service, "us-east-1")
    request.context["payload_signing_enabled"] = True
    request.context["client_config"] = mock.Mock(s3=None)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *a, **k: when.replace(tzinfo=None)):
        auth.add_auth(request)
    return request


vectors = []
for name, keys, method, host, path, query, headers, body, published in CASES:
    request = sign(keys, method, host, path, query, headers, body)
    signature = request.headers["Authorization"].split("Signature=")[1]
    # botocore puts a date of its own in the place of a given one.
    if published and signature != published and "date" not in dict(headers):
        raise SystemExit(f"{name}: botocore {signature}, published {published}")
    payload = hashlib.sha256(body.encode()).hexdigest()
    signed = [("host", host), ("x-amz-date", keys[3]), *headers]
    if keys[2] == "s3":
        signed.append(("x-amz-content-sha256", payload))
    vectors.append({
        "name": name, "accessKey": keys[0], "secretKey": keys[1], "service": keys[2], "timestamp": keys[3],
        "method": method, "path": path, "query": query, "headers": signed, "payloadHash": payload,
        "signature": published or signature})
target = pathlib.Path(__file__).parent.parent / "MLOpsConnectorsTests/Fixtures/sigv4.json"
target.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
print(len(vectors), "vectors")
