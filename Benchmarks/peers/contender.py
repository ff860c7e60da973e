"""What all peers share: they read one command a line, do it, and answer with a line: seconds, and a loss if any."""
import resource
import sys
import time


def serve(commands):
    """Answers commands until standard input ends; `commands` maps a name to a function that prepares the work for
    its numbers and returns a function that does it once. The last number of a command is how often it is done."""
    prepared = {}
    for line in sys.stdin:
        name, *numbers = line.split()
        if name == "peak":
            # Bytes on macOS, KiB elsewhere.
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024), flush=True)
            continue
        *sizes, times = [int(number) for number in numbers]
        key = (name, *sizes)
        if key not in prepared:
            prepared[key] = commands[name](*sizes)
        work, loss = prepared[key], None
        start = time.perf_counter()
        for _ in range(times):
            loss = work()
        seconds = time.perf_counter() - start
        print(seconds, loss if isinstance(loss, float) else "", flush=True)
