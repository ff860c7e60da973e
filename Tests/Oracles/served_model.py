"""Compares a package that PetPark serves with onnxruntime, through the real Triton client.

    python3 Tests/Oracles/served_model.py PETPARK PACKAGE_FOLDER PICTURES_FOLDER

Starts `PetPark serve` on a free port, checks the ONNX file in full, and compares logits on up to 100 pictures: onnxruntime
against the server, as JSON and as binary tensors (within 1e-5). Then runs triton_client.py against the server.
"""
import pathlib, subprocess, sys, tempfile, time
import numpy as np, onnx, onnxruntime
import tritonclient.http as http
from PIL import Image

petpark, package, pictures = map(pathlib.Path, sys.argv[1:4])
onnx.checker.check_model(str(package / "model.onnx"), full_check=True)
model = onnx.load(str(package / "model.onnx"))
assert model.ir_version == 8 and model.opset_import[0].version == 17, (model.ir_version, model.opset_import)
session = onnxruntime.InferenceSession(str(package / "model.onnx"), providers=["CPUExecutionProvider"])
_, height, width, _ = session.get_inputs()[0].shape
files = sorted(p for p in pictures.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
files = files[:: max(1, len(files) // 100)][:100]

with tempfile.TemporaryDirectory() as folder:
    port_file = pathlib.Path(folder) / "port"
    server = subprocess.Popen(
        [petpark, "serve", "--package", package, "--port", "0", "--port-file", port_file], stdin=subprocess.PIPE)
    try:
        for _ in range(600):
            if port_file.exists():
                break
            assert server.poll() is None, "the server ended"
            time.sleep(0.05)
        url = f"127.0.0.1:{port_file.read_text().strip()}"
        client = http.InferenceServerClient(url)
        assert client.is_server_live() and client.is_server_ready() and client.is_model_ready("park-pets")
        worst = 0.0
        for file in files:
            pixels = np.asarray(Image.open(file).convert("RGB").resize((width, height)), dtype=np.uint8)[None]
            expected = session.run(["logits", "probabilities"], {"image": pixels})
            for binary in (False, True):
                tensor = http.InferInput("image", pixels.shape, "UINT8")
                tensor.set_data_from_numpy(pixels, binary_data=binary)
                outputs = [http.InferRequestedOutput(n, binary_data=binary) for n in ("logits", "probabilities")]
                answer = client.infer("park-pets", [tensor], outputs=outputs)
                for name, value in zip(("logits", "probabilities"), expected):
                    worst = max(worst, float(np.abs(answer.as_numpy(name) - value).max()))
        print(f"onnxruntime and the server differ by at most {worst:.2e} on {len(files)} pictures")
        assert files and worst <= 1e-5
        script = pathlib.Path(__file__).parent / "triton_client.py"
        images = [arg for file in files[:3] for arg in ("--image", str(file))]
        subprocess.run([sys.executable, script, url, "park-pets", *images], check=True)
    finally:
        server.terminate()
        server.wait(timeout=30)
