#!/usr/bin/env python3
"""Checks an Open Inference Protocol v2 server with NVIDIA's own client.

    pip install 'tritonclient[http]' numpy prometheus_client
    triton_client.py URL MODEL [--image FILE ...] [--encoded-input NAME]

URL is host:port, such as 127.0.0.1:8080. It reads the metadata of server and model, sends random tensors of the shape
that the model states, in JSON and as binary data, with and without naming the outputs, and requires equal answers;
then bad requests, which must be answered with 4xx. Pictures are sent encoded, as a tensor BYTES[N] and as a body.
Ends with status 0 when everything holds.
"""

import argparse
import json
import sys
import urllib.error
import urllib.request

import numpy as np
import tritonclient.http as http
from prometheus_client.parser import text_string_to_metric_families
from tritonclient.utils import InferenceServerException, triton_to_np_dtype


def check(condition, text):
    print(("ok      " if condition else "FAILED  ") + text)
    if not condition:
        sys.exit(1)


def random_tensor(spec, rows, rng):
    shape = [rows] + [4 if extent == -1 else extent for extent in spec["shape"][1:]]
    dtype = triton_to_np_dtype(spec["datatype"])
    if np.issubdtype(dtype, np.integer):
        return rng.integers(0, 100, size=shape).astype(dtype)
    return rng.random(size=shape).astype(dtype)


def infer(client, model, inputs, names, binary):
    """The outputs of a request; `names` None lets the client name no outputs."""
    tensors = []
    for name, datatype, value in inputs:
        tensor = http.InferInput(name, list(value.shape), datatype)
        tensor.set_data_from_numpy(value, binary_data=binary)
        tensors.append(tensor)
    wanted = None if names is None else [http.InferRequestedOutput(name, binary_data=binary) for name in names]
    return client.infer(model, tensors, outputs=wanted, request_id="triton-1")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("model")
    parser.add_argument("--image", action="append", default=[])
    parser.add_argument("--encoded-input")
    arguments = parser.parse_args()
    client = http.InferenceServerClient(arguments.url)
    base = "http://" + arguments.url

    check(client.is_server_live(), "the server is live")
    check(client.is_server_ready(), "the server is ready")
    check(client.is_model_ready(arguments.model), "the model is ready")
    server = client.get_server_metadata()
    check("binary_tensor_data" in server["extensions"], f"server metadata: {server}")
    model = client.get_model_metadata(arguments.model)
    check(model["name"] == arguments.model, f"model metadata: {model}")
    versioned = client.get_model_metadata(arguments.model, model_version=model["versions"][0])
    check(versioned == model, "the version's metadata are the same")

    rng = np.random.default_rng(7)
    names = [output["name"] for output in model["outputs"]]
    for rows in (1, 5):
        inputs = [(spec["name"], spec["datatype"], random_tensor(spec, rows, rng)) for spec in model["inputs"]]
        answers = {
            "binary": infer(client, arguments.model, inputs, names, True),
            "JSON": infer(client, arguments.model, inputs, names, False),
            "binary, no outputs named": infer(client, arguments.model, inputs, None, True),
            "JSON in, no outputs named": infer(client, arguments.model, inputs, None, False),
        }
        first = answers["binary"]
        for kind, answer in answers.items():
            check(answer.get_response()["id"] == "triton-1", f"{rows} rows, {kind}: the id is echoed")
            for name in names:
                same = np.array_equal(answer.as_numpy(name), first.as_numpy(name))
                check(same, f"{rows} rows, {kind}: '{name}' {answer.as_numpy(name).shape} has the same bits")
    print(first.as_numpy(names[0])[:2])

    spec = model["inputs"][0]
    for what, bad in {
        "a wrong name": ("no such input", spec["datatype"], random_tensor(spec, 1, rng)),
        "a wrong shape": (spec["name"], spec["datatype"], random_tensor(spec, 1, rng)[..., :-1]),
    }.items():
        try:
            infer(client, arguments.model, [bad], None, True)
            check(False, f"{what} is refused")
        except InferenceServerException as error:
            check(str(error.status()) == "400", f"{what} is refused: {error.message()[:100]}")
    try:
        client.get_model_metadata("no-such-model")
        check(False, "an unknown model is refused")
    except InferenceServerException as error:
        check(str(error.status()) == "404", f"an unknown model is refused: {error.message()[:100]}")

    encoded = arguments.encoded_input or model.get("parameters", {}).get("encoded_image_input")
    if arguments.image and encoded:
        pictures = [open(path, "rb").read() for path in arguments.image]
        value = np.array(pictures, dtype=np.object_)
        together = infer(client, arguments.model, [(encoded, "BYTES", value)], None, True).as_numpy(names[0])
        check(together.shape[0] == len(pictures), f"{len(pictures)} encoded pictures give {together.shape}")
        request = urllib.request.Request(
            f"{base}/v2/models/{arguments.model}/infer?camera=oracle", pictures[0], {"Content-Type": "image/jpeg"})
        with urllib.request.urlopen(request) as response:
            alone = json.load(response)["outputs"][0]["data"]
        check(np.allclose(alone, together[0], atol=1e-5), f"a picture as the body gives {alone}")
        try:
            urllib.request.urlopen(urllib.request.Request(request.full_url, b"junk", {"Content-Type": "image/jpeg"}))
            check(False, "a broken picture is refused")
        except urllib.error.HTTPError as error:
            check(error.code == 400, f"a broken picture is refused: {error.read()[:100]}")

    with urllib.request.urlopen(base + "/metrics") as response:
        families = {family.name for family in text_string_to_metric_families(response.read().decode())}
    check("mlops_inference_requests" in families, f"the Prometheus parser reads {sorted(families)}")


if __name__ == "__main__":
    main()
