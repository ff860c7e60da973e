"""Pillow's or OpenCV's side of the decoding benchmark: photographs in memory become 64 x 64 RGB pixels.

    python3 decoding_contender.py THREADS WAY FOLDER COUNT

WAY is pillow (BILINEAR, which is antialiased), draft (the same after draft(), which decodes at a coarser scale), area
(OpenCV, INTER_AREA) or versions, which prints what is installed. Each line "decode" is answered by the seconds taken.
"""
import io
import pathlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import PIL
from PIL import Image, features

if sys.argv[1] == "versions":
    build = next(line.split(":")[1].strip() for line in cv2.getBuildInformation().split("\n") if "JPEG:" in line)
    print(f"Pillow {PIL.__version__} with libjpeg-turbo {features.version('libjpeg_turbo')}, OpenCV {cv2.__version__} with {build}")
    sys.exit()

threads, way, folder, most = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
paths = sorted(str(path) for path in folder.rglob("*.jpg"))
files = [open(path, "rb").read() for path in paths[:: max(1, len(paths) // most)][:most]]
cv2.setNumThreads(1)


def pillow(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB").resize((64, 64), Image.BILINEAR))


def draft(data):
    image = Image.open(io.BytesIO(data))
    image.draft("RGB", (64, 64))
    return np.asarray(image.convert("RGB").resize((64, 64), Image.BILINEAR))


def area(data):
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA)


work = {"pillow": pillow, "draft": draft, "area": area}[way]


def part(first):
    for data in files[first::threads]:
        work(data)


with ThreadPoolExecutor(threads) as pool:
    for line in sys.stdin:
        if line.strip() != "decode":
            print(f"unknown command: {line.strip()}", flush=True)
            continue
        start = time.perf_counter()
        list(pool.map(part, range(threads)))
        print(time.perf_counter() - start, flush=True)
