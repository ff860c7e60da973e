"""Compares our decoder with Pillow's on every file of a folder.

    MLOPS_ODD=/folder/of/pictures MLOPS_ODD_OUT=/folder/for/pixels \
        swift test -c release --disable-testable-imports --filter dumpsDecodedPictures
    python3 Tests/Oracles/images_vs_pillow.py /folder/of/pictures /folder/for/pixels

Sizes must be equal, and the mean |difference| at most 2 for JPEG and 0 for PNG. A file that only one side reads is
listed with our reason; the script fails when Pillow reads a JPEG or PNG in full and we do not."""
import json, pathlib, sys
import numpy as np
from PIL import Image, ImageOps

source, ours = map(pathlib.Path, sys.argv[1:3])
outcomes = {o["file"]: o for o in map(json.loads, (ours / "outcomes.jsonl").read_text().splitlines())}
bad, same, worst, worst_max, rejected = 0, 0, 0.0, 0, 0
for file, outcome in sorted(outcomes.items()):
    try:
        opened = Image.open(source / file)
        format = opened.format
        turned = ImageOps.exif_transpose(opened)
        if turned.mode.startswith("I"):
            # Pillow clips 16-bit gray at 255; we keep the upper byte.
            turned = Image.fromarray((np.asarray(turned).astype(int) >> 8).astype(np.uint8))
        pillow = np.asarray(turned.convert("RGB")).astype(int)
    except Exception as error:
        format, pillow = None, error
    if "error" in outcome:
        rejected += 1
        agreed = format is None or format not in ("JPEG", "PNG")
        bad += not agreed
        print(f"{'rejected' if agreed else 'FAIL'} {file}: {outcome['error']} | Pillow: {format or pillow}")
        continue
    decoded = np.asarray(Image.open(ours / outcome["pixels"])).astype(int)
    if format is None or decoded.shape != pillow.shape:
        bad += 1
        print(f"FAIL {file}: ours {decoded.shape}, Pillow {pillow if format is None else pillow.shape}")
        continue
    difference = np.abs(decoded - pillow)
    worst, worst_max = max(worst, difference.mean()), max(worst_max, difference.max())
    same += not difference.any()
    if difference.mean() > (2 if format == "JPEG" else 0):
        bad += 1
        print(f"FAIL {file}: mean |difference| {difference.mean():.3f}")
print(f"{len(outcomes)} files: {same} bit-equal, {rejected} rejected, {bad} failed; "
      f"largest mean |difference| {worst:.4f}, largest difference {worst_max}")
sys.exit(bad > 0)
