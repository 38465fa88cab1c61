"""Reads a TIFF with rasterio, which geo:bench times beside our reader.

It stays alive: each line `full N` or `window N` on standard input is answered by a line of JSON
with the median milliseconds of N reads (opening included) and the SHA-256 of the samples,
interleaved, little-endian. It needs rasterio.
Usage: tiff_reads.py FILE X Y WIDTH HEIGHT
"""

import hashlib
import json
import statistics
import sys
import time

import numpy as np
import rasterio
from rasterio.windows import Window

path = sys.argv[1]
window = Window(*map(int, sys.argv[2:6]))
for line in sys.stdin:
    what, count = line.split()
    times = []
    for _ in range(int(count)):
        start = time.perf_counter()
        with rasterio.open(path) as file:
            samples = file.read(window=window) if what == "window" else file.read()
        times.append((time.perf_counter() - start) * 1e3)
    pixels = np.ascontiguousarray(samples.transpose(1, 2, 0))
    digest = hashlib.sha256(pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()).hexdigest()
    print(
        json.dumps(
            {"ms": statistics.median(times), "sha256": digest, "version": rasterio.__version__}
        ),
        flush=True,
    )
