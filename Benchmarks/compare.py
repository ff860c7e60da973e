"""Runs this package and its peers turn by turn on the same cores, and prints how much faster it is.

    python3 compare.py CONTENDER [--rounds 8] [--threads 1 2] [--only TEXT ...] [--photos DIR] [--json FILE]

CONTENDER is the built program of this folder. Each contender is a process of its own, stopped while another works,
so that no spinning thread takes part of its cores. A round in which other programs took more than 6 % of the
processor is not counted. Ratios are medians over rounds; the range is that of the counted rounds. --only leaves out each row whose name has none
of the texts; --photos adds what reading photographs costs a training.
"""
import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys

wanted = []
PEERS = pathlib.Path(__file__).parent / "peers"
TICK = os.sysconf("SC_CLK_TCK")


class Contender:
    running = []

    def __init__(self, name, command, threads):
        self.name = name
        environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
        # OpenBLAS finds out best what processor it runs on.
        for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        Contender.running.append(self)
        self.pause()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def ask(self, command):
        return float(self.answer(command).split()[0])

    def answer(self, command):
        self.begin(command)
        return self.end_of(command)

    def begin(self, command):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def end_of(self, command):
        line = self.process.stdout.readline()
        self.pause()
        if not line or line.startswith("unknown"):
            sys.exit(f"{self.name} did not answer '{command}': {line}")
        return line

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def end(self):
        Contender.running.remove(self)
        self.process.kill()
        self.process.wait()

    @staticmethod
    def end_all():
        for contender in list(Contender.running):
            contender.end()


def busy():
    """Seconds that all processors have worked since the start of the machine; None where nobody counts them."""
    try:
        fields = [int(field) for field in open("/proc/stat").readline().split()[1:9]]
    except OSError:
        return None
    return (sum(fields) - fields[3] - fields[4]) / TICK


def undisturbed(contender, command):
    """The seconds of a command, and whether the processor was ours."""
    before = busy()
    own = contender.cpu() if before is not None else 0
    seconds = contender.ask(command)
    if before is None:
        return seconds, True
    foreign = busy() - before - (contender.cpu() - own)
    return seconds, foreign <= 0.06 * seconds * os.cpu_count() + 2 / TICK


def contest(contenders, command, rounds):
    """The seconds of each contender in each counted round."""
    for contender in contenders:
        contender.ask(command)
    counted = []
    for _ in range(4 * rounds):
        results = [undisturbed(contender, command) for contender in contenders]
        if all(is_ours for _, is_ours in results):
            counted.append([seconds for seconds, _ in results])
        if len(counted) == rounds:
            break
    return counted


def is_wanted(title):
    return not wanted or any(text in title for text in wanted)


def rows(title, contenders, command, units, rounds, unit):
    """Prints and returns a row for each peer; the first contender is ours."""
    if not is_wanted(title):
        return []
    contenders = [contender() for contender in contenders]
    counted = contest(contenders, command, rounds)
    if not counted:
        print(f"{title:36} not measured: other programs kept the processor busy in every round", flush=True)
        return []
    ours = units / min(round[0] for round in counted)
    table = []
    for index, peer in enumerate(contenders[1:], 1):
        ratios = [round[index] / round[0] for round in counted]
        theirs = units / min(round[index] for round in counted)
        table.append({
            "work": title, "peer": peer.name, "ours": ours, "theirs": theirs, "unit": unit,
            "ratio": statistics.median(ratios), "lowest": min(ratios), "highest": max(ratios), "rounds": len(ratios)})
        print(f"{title:36} {ours:9.1f} {peer.name:>22} {theirs:9.1f} {unit:9} "
              f"{statistics.median(ratios):5.2f} ({min(ratios):.2f}-{max(ratios):.2f}, {len(ratios)} rounds)", flush=True)
    return table


def scaling(threads, contender, rounds):
    """Prints and returns how much faster training is with threads, and with as many programs of one thread each.

    The programs share nothing but the machine: what they don't reach, its processors, caches and memory don't give.
    """
    title, command = f"train, {threads} threads beside 1", "train 4"
    if not is_wanted(title):
        return []
    together, ones = contender(threads), [contender(1) for _ in range(threads)]
    for program in (together, *ones):
        program.ask(command)
    ratios, limits = [], []
    for _ in range(8 * rounds):
        (before, is_first_ours), (with_threads, is_ours) = (undisturbed(one, command) for one in (ones[0], together))
        for program in ones:
            program.begin(command)
        side_by_side = statistics.mean(float(program.end_of(command).split()[0]) for program in ones)
        after, is_last_ours = undisturbed(ones[0], command)
        if is_first_ours and is_ours and is_last_ours:
            alone = (before + after) / 2
            ratios.append(alone / with_threads)
            limits.append(threads * alone / side_by_side)
        if len(ratios) == 2 * rounds:
            break
    if not ratios:
        print(f"{title}: not measured: other programs kept the processor busy in every round", flush=True)
        return []
    median, limit = statistics.median(ratios), statistics.median(limits)
    print(f"{threads} threads train {median:.2f} times as fast as 1 ({min(ratios):.2f}-{max(ratios):.2f}, {len(ratios)} "
          f"rounds); {threads} programs side by side {limit:.2f} ({min(limits):.2f}-{max(limits):.2f})", flush=True)
    return [{"work": title, "peer": "1 thread", "ratio": median, "lowest": min(ratios), "highest": max(ratios),
             "side by side": limit, "rounds": len(ratios)}]


def feeding(label, contender, rounds):
    """Prints how much longer epochs of 20 steps take on photographs than on a batch that is there already."""
    contender = contender()
    for command, how in [("feed 1 2", "kept in memory"), ("feed 0 2", "read again")]:
        shares, steps = [], []
        for _ in range(rounds):
            steps.append(contender.ask("train 40") / 40)
            shares.append(contender.ask(command) / 40 / steps[-1] - 1)
        print(f"photographs {how}, {label}: {100 * statistics.median(shares):.1f} % on top of a step of "
              f"{1000 * min(steps):.0f} ms ({100 * min(shares):.1f}-{100 * max(shares):.1f} %)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("contender", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, min(2, os.cpu_count())])
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--photos")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    wanted.extend(options.only or [])
    table = []
    print(f"{'work':36} {'ours':>9} {'peer':>22} {'theirs':>9} {'unit':9} ratio", flush=True)
    for threads in options.threads:
        started = {}

        def once(key, start):
            """Starts a contender when it is first asked for."""
            return lambda: started[key] if key in started else started.setdefault(key, start())

        def swift(network="petNet", *arguments):
            return once(("swift", network, *arguments), lambda: Contender(
                "swift-mlops", [options.contender, threads, network, *arguments], threads))

        def python(name, file, *arguments):
            return once((name, *arguments), lambda: Contender(
                name, [sys.executable, PEERS / file, threads, *arguments], threads))

        label = f"{threads} thread{'s' if threads > 1 else ''}"
        torch = python("PyTorch", "torch_contender.py", "petNet")
        half = python("PyTorch bf16", "torch_contender.py", "petNet", "bfloat16")
        runtime = python("onnxruntime", "onnxruntime_contender.py", "petNet")
        blas = python("NumPy (OpenBLAS)", "numpy_contender.py")
        ours = swift()
        table += rows(f"train, {label}", [ours, torch, half], "train 4", 4 * 32, options.rounds, "images/s")
        if is_wanted(f"peak memory, {label}"):
            for contender in (ours, torch):
                contender().ask("train 4")
            peaks = [contender().ask("peak") / 2**20 for contender in (ours, torch)]
            print(f"{'peak memory, ' + label:36} {peaks[0]:9.0f} {'PyTorch':>22} {peaks[1]:9.0f} MiB", flush=True)
            table.append({"work": f"peak memory, {label}", "peer": "PyTorch", "ours": peaks[0],
                          "theirs": peaks[1], "unit": "MiB", "ratio": peaks[1] / peaks[0]})
        sets = subprocess.run([options.contender, "1", "--sets"], capture_output=True, text=True, check=True)
        sets = sets.stdout.split()
        for name in sets[:-1]:
            table += rows(f"train, {label}, {name}", [swift("petNet", name), torch], "train 2", 2 * 32, options.rounds,
                          "images/s")
        for batch, times in [(1, 40), (32, 4)]:
            table += rows(
                f"infer, batch {batch}, {label}", [ours, runtime, torch], f"infer {batch} {times}", batch * times,
                options.rounds, "images/s")
        for size, times in [(512, 40), (1024, 6)]:
            table += rows(
                f"product {size}³, {label}", [ours, blas], f"product {size} {times}",
                2 * size**3 * times / 1e9, options.rounds, "GFLOP/s")
            table += rows(
                f"8-bit product {size}³, {label}", [ours, runtime], f"product8 {size} {4 * times}",
                8 * size**3 * times / 1e9, options.rounds, "GOP/s")
        if options.photos and is_wanted(f"photographs, {label}"):
            feeding(label, swift("petNet", sets[-1], options.photos), options.rounds)
        Contender.end_all()
        for network in ["resNet18", "mobileNetV2"]:
            started = {}
            ours, torch = swift(network), python("PyTorch", "torch_contender.py", network)
            runtime = python("onnxruntime", "onnxruntime_contender.py", network)
            table += rows(f"train {network}, {label}", [ours, torch], "train 2", 2 * 16, options.rounds, "images/s")
            for batch, times in [(1, 20), (16, 2)]:
                table += rows(
                    f"infer {network}, batch {batch}, {label}", [ours, runtime, torch], f"infer {batch} {times}",
                    batch * times, options.rounds, "images/s")
            Contender.end_all()
        if threads > 1:
            table += scaling(
                threads, lambda count: Contender("swift-mlops", [options.contender, count], count), options.rounds)
            Contender.end_all()
    if options.json:
        options.json.write_text(json.dumps(table, indent=2))


if __name__ == "__main__":
    try:
        main()
    finally:
        Contender.end_all()
