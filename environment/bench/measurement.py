"""What the scripts print, and what they share to get there."""
import json
import os
import statistics
import time

import torch

STATUS = "/proc/self/status"  # Linux alone has it


def device():
    """The GPU where ADADIFF_DEVICE asks for one, else the CPU."""
    return torch.device("cuda" if os.environ.get("ADADIFF_DEVICE") == "gpu" else "cpu")


def set_threads():
    """Uses OMP_NUM_THREADS threads, else a thread per processor that this process may use."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0))))


def emit(benchmark, subject, value, unit):
    print(json.dumps(dict(benchmark=benchmark, subject=subject, value=value, unit=unit)), flush=True)


def emit_peak_memory(benchmark, subject="PyTorch"):
    # Not getrusage: its maximum includes the process that this one was forked from
    if device().type == "cuda" or not os.path.exists(STATUS):
        return
    with open(STATUS) as status:
        kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    emit(f"{benchmark}, peak memory", subject, kilobytes / 1024, "MB")


def median_seconds(run, warm_up, times):
    """The median time of a call, after some that do not count."""
    synchronize = torch.cuda.synchronize if device().type == "cuda" else lambda: None
    for _ in range(warm_up):
        run()
    synchronize()
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        synchronize()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)
