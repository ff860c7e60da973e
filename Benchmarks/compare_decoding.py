"""Decodes and resizes photographs beside Pillow and OpenCV, turn by turn on the same cores, and prints the ratios.

    python3 compare_decoding.py CONTENDER FOLDER... [--rounds 5] [--count 4000]

CONTENDER is the built DecodingContender, and a FOLDER has a folder of JPEGs for each class. Python needs pillow,
numpy and opencv-python-headless. Files lie in memory before the clock starts; results are 64 x 64 RGB bytes,
antialiased. With 2 threads, both sides share the files out to two threads. Then it says what augmenting a picture costs, and
how many pictures a Loader gives on one core and on two.
"""
import argparse
import pathlib
import subprocess
import sys

from compare import PEERS, Contender, contest, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contender", type=pathlib.Path)
    parser.add_argument("folders", type=pathlib.Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=4000)
    options = parser.parse_args()
    peer = PEERS / "decoding_contender.py"
    print(subprocess.run([sys.executable, peer, "versions"], capture_output=True, text=True, check=True).stdout, end="")
    print(f"{'work':36} {'ours':>9} {'peer':>22} {'theirs':>9} {'unit':9} ratio", flush=True)
    for folder in options.folders:
        count = min(options.count, sum(1 for _ in folder.rglob("*.jpg")))
        ours = {}
        for threads in [1, 2]:
            swift = Contender("swift-mlops", [options.contender, threads, folder, count], threads)
            peers = [
                Contender(name, [sys.executable, peer, threads, way, folder, count], threads)
                for name, way in [("Pillow", "pillow"), ("Pillow with draft", "draft"), ("OpenCV INTER_AREA", "area")]]
            started = [lambda contender=contender: contender for contender in (swift, *peers)]
            table = rows(
                f"{folder.name}, {threads} thread{'s' if threads > 1 else ''}", started, "decode", count,
                options.rounds, "images/s")
            ours[threads] = table[0]["ours"] if table else None
            if threads == 1:
                for work in ["decode", "augment"]:
                    counted = contest([swift], work, options.rounds)
                    if counted:
                        best = min(seconds for seconds, in counted)
                        print(f"{folder.name}: {work} {best / count * 1e6:.1f} µs a picture", flush=True)
            Contender.end_all()
        if all(ours.values()):
            print(f"{folder.name}: 2 threads decode {ours[2] / ours[1]:.2f} times as fast as 1", flush=True)
        rates = []
        for cores in ["0", "0,1"]:
            swift = Contender("swift-mlops", ["taskset", "-c", cores, options.contender, 1, folder, count], 1)
            counted = contest([swift], "load", options.rounds)
            if counted:
                rates.append(count / min(seconds for seconds, in counted))
                print(f"{folder.name}: load on the cores {cores}: {rates[-1]:.0f} images/s", flush=True)
            Contender.end_all()
        if len(rates) == 2:
            print(f"{folder.name}: 2 cores load {rates[1] / rates[0]:.2f} times as fast as 1", flush=True)


try:
    main()
finally:
    Contender.end_all()
