"""Reads what the test `dumpsAnnotations` wrote, with pycocotools, and with Datumaro where that is installed.

Usage: annotations_check.py FOLDER, which holds a folder for each format, and `expected.json`: for each format and picture
the classes and boxes that readers of others must find.
"""

import json
import pathlib
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

folder = pathlib.Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())


def same(name, found):
    """The boxes found in each picture are those that were written, in any order."""
    want = expected[name]
    assert found.keys() == want.keys(), (name, found.keys(), want.keys())
    for picture, boxes in want.items():
        theirs = sorted(found[picture])
        assert len(boxes) == len(theirs), (name, picture, boxes, theirs)
        for a, b in zip(sorted(boxes), theirs):
            # Datumaro keeps a hundredth of a pixel.
            assert a[0] == b[0] and np.allclose(a[1:], b[1:], atol=0.011), (name, picture, a, b)
    print(f"  {name}: {sum(map(len, want.values()))} things in {len(want)} pictures, as written")


print("pycocotools")
path = next((folder / "coco").rglob("*.json"))
coco = COCO(str(path))
names = {category["id"]: category["name"] for category in coco.loadCats(coco.getCatIds())}
found = {}
for image in coco.loadImgs(coco.getImgIds()):
    marks = coco.loadAnns(coco.getAnnIds(imgIds=image["id"], iscrowd=None))
    found[image["file_name"]] = [[names[mark["category_id"]], *mark["bbox"]] for mark in marks]
    for mark in marks:
        if mark["segmentation"] == []:
            continue
        pixels = coco.annToMask(mark)
        if isinstance(mark["segmentation"], dict):
            assert pixels.sum() == mark["area"], (pixels.sum(), mark["area"])
        else:
            assert abs(int(pixels.sum()) - mark["area"]) < 0.1 * mark["area"] + 8, (pixels.sum(), mark["area"])
same("coco", found)
# A single point has a box without extent, which overlaps nothing.
coco.dataset["annotations"] = [mark for mark in coco.dataset["annotations"] if mark["bbox"][2] > 0]
coco.createIndex()
single = [mark for mark in coco.dataset["annotations"] if not mark["iscrowd"]]
results = coco.loadRes([
    {"image_id": mark["image_id"], "category_id": mark["category_id"], "bbox": mark["bbox"], "score": 1} for mark in single])
evaluation = COCOeval(coco, results, "bbox")
evaluation.evaluate()
evaluation.accumulate()
# Of all sizes of things, with up to a hundred in a picture.
precision = evaluation.eval["precision"][:, :, :, 0, -1]
assert precision[precision >= 0].min() > 0.999, "the boxes do not find themselves"

try:
    from datumaro.components.annotation import AnnotationType
    from datumaro.components.dataset import Dataset
except ImportError:
    print("datumaro is not installed: not asked")
    sys.exit(0)
print("datumaro")
for name, importer in [("voc", "voc_detection"), ("yolo", "yolo"), ("cvat", "cvat"), ("coco", "coco_instances")]:
    dataset = Dataset.import_from(str(folder / name), importer)
    labels = dataset.categories()[AnnotationType.label]
    found = {}
    for item in dataset:
        file = next(key for key in expected[name] if key.rsplit(".", 1)[0] == item.id)
        found[file] = []
        for mark in item.annotations:
            kinds = [AnnotationType.bbox, AnnotationType.rotated_bbox, AnnotationType.polygon, AnnotationType.mask]
            if mark.type not in kinds:
                continue
            box = mark.get_bbox()
            if mark.type == AnnotationType.rotated_bbox:
                box = [mark.cx, mark.cy, mark.w, mark.h]
            found[file].append([labels[mark.label].name, *map(float, box)])
    if name == "coco":
        # Datumaro cuts a thing of several outlines into one each.
        continue
    same(name, found)
