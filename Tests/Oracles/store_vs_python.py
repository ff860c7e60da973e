"""Reads a dataset store with Python alone, and compares it with the folder that was taken in.

    python3 store_vs_python.py STORE FOLDER

Checks with hashlib and sqlite3 that every object in the packs has the SHA-256 of its frame and of the index, that the
newest version's header and nodes have the digests that name them, and that its entries are the folder's files.
"""
import hashlib
import json
import pathlib
import sqlite3
import sys

store, folder = map(pathlib.Path, sys.argv[1:3])
database = sqlite3.connect(store / "store.sqlite")
packs = {int(path.stem): path.read_bytes() for path in (store / "packs").glob("*.pack")}
objects = {}
for number, pack in packs.items():
    at = 0
    while at < len(pack):
        assert pack[at : at + 4] == b"MLpk", (number, at)
        count = int.from_bytes(pack[at + 4 : at + 12], "little")
        digest, bytes_ = pack[at + 12 : at + 44], pack[at + 44 : at + 44 + count]
        assert hashlib.sha256(bytes_).digest() == digest, (number, at)
        objects[digest] = (number, at + 44, count, bytes_)
        at += 44 + count
for digest, number, offset, count in database.execute("SELECT digest, pack, offset, count FROM object"):
    assert objects[digest][:3] == (number, offset, count), digest.hex()


class Reader:
    def __init__(self, bytes_):
        self.bytes, self.at = bytes_, 0

    def take(self, count):
        self.at += count
        assert self.at <= len(self.bytes)
        return self.bytes[self.at - count : self.at]

    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self, count=None):
        return self.take(self.number() if count is None else count).decode()


def entries(digest):
    reader = Reader(objects[digest][3])
    assert reader.take(4) == b"MLM2"
    level = reader.take(1)[0]
    while reader.at < len(reader.bytes):
        name, below = reader.text(), reader.take(32)
        if level:
            found = list(entries(below))
            assert found[0][0] == name and len(found) == reader.number()
            yield from found
        else:
            label = reader.number()
            label = reader.text(label - 1) if label else None
            assert reader.number() == 0, "a folder's files have no attributes"
            yield name, below, label


version = database.execute("SELECT digest FROM version ORDER BY sequence DESC").fetchone()[0]
header = json.loads(objects[version][3])
found = list(entries(bytes.fromhex(header["root"].removeprefix("sha256:"))))
names = [name for name, _, _ in found]
assert names == sorted(names, key=lambda name: name.encode()) and len(found) == header["entries"]
files = {}
for path in folder.rglob("*"):
    name = path.relative_to(folder).as_posix()
    if path.is_file() and "/" in name:
        files[name] = (hashlib.sha256(path.read_bytes()).digest(), name.split("/")[0])
# Of files with the same bytes the first is taken, of empty ones none.
expected, seen = [], set()
for name in sorted(files, key=lambda name: name.encode()):
    digest, label = files[name]
    if digest not in seen and digest != hashlib.sha256(b"").digest():
        expected.append((name, digest, label))
    seen.add(digest)
assert found == expected, f"{len(found)} entries, {len(expected)} files"
assert sum(header["rejected"].values()) == len(files) - len(expected)
print(f"{len(found)} entries in {len(packs)} packs are the files of the folder, by hashlib and sqlite3")
