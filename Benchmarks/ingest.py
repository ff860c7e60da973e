"""Takes a folder of photographs in, here and with DVC, turn by turn on copies of it, and prints how much faster it is.

    python3 ingest.py MLOPS_DATA DVC PHOTOS [--rounds 5] [--json FILE]
    python3 ingest.py MLOPS_DATA - PHOTOS --memory 10000 100000

MLOPS_DATA is the built tool, DVC the program of the PyPI package, PHOTOS a folder with one sub-folder a class. In each
round both begin with nothing, in a git repository and a store of their own, with a fresh copy of the photographs in the
page cache. First all is taken in; then one file is changed and the folder is taken in again. Times are of whole
processes. DVC computes MD5 and does not decode; this package decodes every picture, computes SHA-256, and waits for the
disk (fsync) before it says that it is done. The floor is sha256sum over all files.

With --memory, as many distinct small JPEGs as given are made of the photographs by numbering them in a comment, and
the peak resident memory of taking them in is printed for each number.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def timed(command, folder):
    """The seconds and the peak resident memory, in MiB, of a program."""
    start = time.monotonic()
    process = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"status {process.returncode}: {command}")
    return seconds, usage.ru_maxrss / 1024


def commented(jpeg, text):
    """The JPEG with a comment: the same picture in other bytes."""
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text.encode() + jpeg[2:]


def race(options, work):
    rows = {"taken in first": [], "again after one change": []}
    peaks, floors = [], []
    for number in range(options.rounds):
        ours, theirs = work / f"ours-{number}", work / f"theirs-{number}"
        for folder in (ours, theirs):
            folder.mkdir()
            shutil.copytree(options.photos, folder / "photos", ignore=shutil.ignore_patterns("*.csv"))
        for command in (["git", "init", "-q"], [options.dvc, "init", "-q"], [options.dvc, "config", "core.analytics", "false"]):
            timed(command, theirs)
        ingest = [options.tool, "ingest", "photos", "--quiet"]
        add = [options.dvc, "add", "-q", "photos"]
        for row in rows.values():
            pairs = [(ingest, ours), (add, theirs)]
            results = [timed(*pair) for pair in (pairs if number % 2 == 0 else pairs[::-1])]
            results = results if number % 2 == 0 else results[::-1]
            row.append([seconds for seconds, _ in results])
            peaks.append([peak for _, peak in results])
            for folder in (ours, theirs):
                path = sorted((folder / "photos").rglob("*.jpg"))[7]
                path.write_bytes(commented(path.read_bytes(), f"changed {number}"))
            # So that no file is as young as its reading, in either contender.
            time.sleep(1)
        files = [str(path) for path in (ours / "photos").rglob("*.jpg")]
        start = time.monotonic()
        subprocess.run(["xargs", "-0", "sha256sum"], input="\0".join(files).encode(), stdout=subprocess.DEVNULL, check=True)
        floors.append(time.monotonic() - start)
        shutil.rmtree(ours)
        shutil.rmtree(theirs)
    table = []
    for name, row in rows.items():
        ratios = [theirs / ours for ours, theirs in row]
        table.append({
            "work": name, "ours": statistics.median(r[0] for r in row), "theirs": statistics.median(r[1] for r in row),
            "ratio": statistics.median(ratios), "lowest": min(ratios), "highest": max(ratios), "rounds": len(row)})
        print(f"{name:24} ours {table[-1]['ours']:7.3f} s   DVC {table[-1]['theirs']:7.3f} s   {table[-1]['ratio']:5.1f} "
              f"times as fast ({min(ratios):.1f}-{max(ratios):.1f}, {len(row)} rounds)", flush=True)
    print(f"{'sha256sum of all':24} {statistics.median(floors):.3f} s")
    print(f"{'peak memory':24} ours {max(p[0] for p in peaks):7.0f} MiB DVC {max(p[1] for p in peaks):7.0f} MiB")
    if options.json:
        options.json.write_text(json.dumps(table, indent=2))


def memory(options, work):
    photos = sorted(options.photos.rglob("*.jpg"))[:2000]
    for count in options.memory:
        folder = work / str(count)
        for i in range(count):
            path = folder / f"class-{i % 2}" / f"{i // 1000:04}" / f"{i}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(commented(photos[i % len(photos)].read_bytes(), f"{i}"))
        for name in ("taken in first", "again, unchanged"):
            seconds, peak = timed([options.tool, "ingest", folder, "--store", work / f"store-{count}", "--quiet"], work)
            print(f"{count:7} files {name:18} {peak:6.0f} MiB at most, {seconds:6.2f} s", flush=True)
        shutil.rmtree(folder)
        shutil.rmtree(work / f"store-{count}")


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("tool", type=lambda path: pathlib.Path(path).resolve())
parser.add_argument("dvc", type=lambda path: pathlib.Path(path).absolute())
parser.add_argument("photos", type=pathlib.Path)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--memory", type=int, nargs="+")
parser.add_argument("--json", type=pathlib.Path)
parsed = parser.parse_args()
place = pathlib.Path(tempfile.mkdtemp())
try:
    (memory if parsed.memory else race)(parsed, place)
finally:
    shutil.rmtree(place, ignore_errors=True)
