"""Writes Tests/MLOpsDataTests/Fixtures/annotations: one small set, as Datumaro writes it in each format.

`expected.json` holds what Datumaro and pycocotools say is in it: for each picture the classes and boxes, and of the mask
COCO's packed runs with the plain ones. Needs datumaro and pycocotools. Run it from the root of the package.
"""

import json
import pathlib
import shutil

import numpy as np
from datumaro.components.annotation import Bbox, Mask, Polygon
from datumaro.components.dataset import Dataset
from datumaro.components.dataset_base import DatasetItem
from datumaro.components.media import Image
from pycocotools import mask as mask_utils

root = pathlib.Path("Tests/MLOpsDataTests/Fixtures/annotations")
shutil.rmtree(root, ignore_errors=True)
root.mkdir(parents=True)
pixels = np.zeros((48, 64), dtype=np.uint8)
pixels[10:20, 5:30] = 1
pixels[12:14, 8:12] = 0


def items(kinds):
    """The set with annotations of some kinds only."""
    first = [
        Bbox(4.5, 6, 20.25, 10, label=1, id=1, group=1, attributes={"occluded": True}),
        Polygon([3, 4, 20, 5, 18.5, 22, 2, 18], label=0, id=2, group=2),
        Mask(pixels, label=1, id=3, group=3, attributes={"is_crowd": True}),
    ]
    second = [Bbox(1, 2, 3, 4, label=0, id=4, group=4), Bbox(0, 0, 64, 48, label=1, id=5, group=5)]
    blank = np.zeros((48, 64, 3), dtype=np.uint8)
    for name, annotations in [("first", first), ("second", second), ("third", [])]:
        kept = [a for a in annotations if isinstance(a, kinds)]
        yield DatasetItem(id=name, subset="default", media=Image.from_numpy(data=blank), annotations=kept)


for name, kinds in [("coco", (Bbox, Polygon, Mask)), ("voc", (Bbox,)), ("yolo", (Bbox,)), ("cvat", (Bbox, Polygon))]:
    dataset = Dataset.from_iterable(list(items(kinds)), categories=["dog", "cat"])
    exporter = {"coco": "coco_instances", "voc": "voc_detection"}.get(name, name)
    dataset.export(str(root / name), exporter, save_media=True)
for path in root.rglob("*"):
    if path.suffix in [".jpg", ".png"]:
        path.unlink()
for path in sorted(root.rglob("*"), reverse=True):
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()
runs = mask_utils.encode(np.asfortranarray(pixels))
flat = pixels.flatten(order="F")
edges = np.flatnonzero(np.diff(flat)) + 1
expected = {
    "packed": runs["counts"].decode(), "counts": np.diff([0, *edges, flat.size]).tolist(),
    "area": int(mask_utils.area(runs)), "bounds": mask_utils.toBbox(runs).tolist(),
    "boxes": {
        item.id: [[["dog", "cat"][a.label], *a.get_bbox()] for a in item.annotations] for item in items((Bbox,))},
}
(root / "expected.json").write_text(json.dumps(expected, indent=1))
for path in sorted(root.rglob("*")):
    print(path)
