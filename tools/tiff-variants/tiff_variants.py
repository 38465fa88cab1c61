"""Writes TIFFs of random layouts and compares what packages/geo reads with what rasterio reads.

Each is read as it is (all samples) and as a tile (RGB of 8 bits, black where there is nothing). It
must be rasterio's, or a refusal that names the file; it may read what rasterio does not. Ends with
exit code 1 if any differs, fails without the file's name, or takes more than 10 seconds.

It needs rasterio, numpy, tifffile, imagecodecs and Pillow, and packages/geo built.
Usage: python tiff_variants.py --seed 1 --count 3000 [--keep FOLDER]
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import rasterio
import tifffile
from PIL import Image
from rasterio.enums import ColorInterp, MaskFlags
from tiff_writer import write

warnings.filterwarnings("ignore")
reader = Path(__file__).with_name("read.mjs")
slow_ms = 10_000


def image_of(random, dtype, bands):
    """A slope with noise and flat parts, in 0..255; seldom what no tile may hold."""
    height, width = random.integers(1, 50), random.integers(1, 70)
    y, x = np.mgrid[0:height, 0:width]
    image = np.stack([(3 * x + 5 * y + 40 * b) % 256 for b in range(bands)], axis=2)
    image = np.clip(image + random.integers(-4, 5, image.shape), 0, 255)
    most = 127 if dtype == "int8" else 255
    image = np.minimum(image, most).astype(dtype)
    if random.random() < 0.5:  # a corner of one value in all bands
        value = random.choice([0, 7, 100 if most == 127 else 255])
        image[: height // 3, : width // 2] = value
    if image.dtype.kind == "f" and random.random() < 0.15:
        image += image.dtype.type(0.25)
    if image.dtype.kind == "f" and random.random() < 0.15:
        image[height // 2 :, : width // 2] = np.nan
    if image.dtype.kind == "i" and random.random() < 0.2:
        image[: height // 4] = -99
    return image


def own_layout(random, dtype, bands, height):
    """A layout for our own writer."""
    pick = lambda *choices: choices[random.integers(len(choices))]
    tiled = random.random() < 0.4
    compression = pick("none", "none", "lzw", "deflate", "packbits", "zstd")
    takes_predictor = compression in ("lzw", "deflate", "zstd") and not dtype.startswith("float")
    is_rgb = bands >= 3 and random.random() < 0.6
    extra = [0] * (bands - (3 if is_rgb else 1))
    if extra and random.random() < 0.3:
        extra[random.integers(len(extra))] = pick(1, 2)
    if random.random() < 0.1:
        extra = []
    is_odd = random.random() < 0.25
    return dict(
        big_endian=random.random() < 0.5,
        big_tiff=random.random() < 0.3,
        tiled=tiled,
        block=(
            (16 * pick(1, 2), 16 * pick(1, 2, 3)) if tiled else (pick(1, 2, 7, 16, height), 10**6)
        ),
        planar=random.random() < 0.3,
        compression=compression,
        predictor=2 if takes_predictor and random.random() < 0.5 else 1,
        idle_predictor=compression in ("none", "packbits") and random.random() < 0.1,
        fill_order=2 if random.random() < 0.15 else 1,
        padding=pick(1, 8, 100) if is_odd and random.random() < 0.4 else 0,
        counts=pick("zero", "missing", "too large") if is_odd else "right",
        unwritten={0, 3} if random.random() < 0.1 else set(),
        nodata=pick(None, None, "0", "255", "7", "-99", "300", "nan", "1e20", "12.5", "-99.5"),
        photometric=2 if is_rgb else 1,
        extra=extra,
    )


def write_own(path, random):
    dtype = random.choice(
        "uint8 uint8 uint16 uint32 int8 int16 int16 int32 float32 float64".split()
    )
    bands = int(random.choice([1, 3, 3, 3, 4, 5]))
    image = image_of(random, dtype, bands)
    layout = own_layout(random, dtype, bands, image.shape[0])
    if not layout["tiled"]:
        layout["block"] = (layout["block"][0], image.shape[1])
    write(path, image, layout)
    return f"own {layout['compression']}", {"dtype": str(dtype), "shape": image.shape, **layout}


def write_gdal(path, random):
    """What GDAL has beyond our own writer: JPEG, LERC, masks, alpha, other codecs and bits."""
    pick = lambda *choices: choices[random.integers(len(choices))]
    dtype = pick("uint8", "uint8", "uint16", "int16", "float32")
    compress = pick("jpeg", "lerc", "lerc_deflate", "lerc_zstd", "webp", "lzma", "deflate", "none")
    if compress in ("jpeg", "webp"):
        dtype = "uint8"
    bands = 3 if compress == "webp" else int(pick(1, 3, 3, 4))
    image = image_of(random, dtype, bands)
    options = dict(compress=compress, interleave=pick("pixel", "band"), sparse_ok=pick(True, False))
    if random.random() < 0.5:
        options |= dict(tiled=True, blockxsize=16 * pick(1, 2), blockysize=16 * pick(1, 2))
    else:
        options |= dict(blockysize=8 * pick(1, 2, 4))
    if compress == "jpeg" and bands == 3 and options["interleave"] == "pixel":
        options |= dict(photometric=pick("YCbCr", "RGB", "MINISBLACK"))
    if compress == "deflate":
        options |= dict(predictor=pick(1, 2, 3) if dtype == "float32" else pick(1, 2))
    if compress == "webp":
        options |= dict(interleave="pixel")
    if bands == 4 and random.random() < 0.5:
        options |= dict(photometric="RGB", alpha=pick("YES", "PREMULTIPLIED"))
    options |= dict(endianness=pick("BIG", "LITTLE"), bigtiff=pick("YES", "NO"))
    options |= dict(nodata=pick(None, None, 0, 100))
    mask = pick(None, None, "inside", "beside")
    height, width = image.shape[:2]
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=mask == "inside"), rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=bands, dtype=dtype, **options
    ) as file:
        file.write(np.moveaxis(image, 2, 0))
        if mask:
            file.write_mask(random.random((height, width)) < 0.7)
    return f"gdal {compress}", {"dtype": dtype, "shape": image.shape, "mask": mask, **options}


def write_tifffile(path, random):
    pick = lambda *choices: choices[random.integers(len(choices))]
    dtype = pick("uint8", "uint16", "int16", "int32", "float32")
    image = image_of(random, dtype, 3)
    compression = pick(None, "lzw", "zlib", "packbits", "zstd", "jpegxl", "lerc")
    planar = pick("contig", "separate")
    options = dict(
        byteorder=pick("<", ">"),
        bigtiff=pick(True, False),
        planarconfig=planar,
        photometric=pick("rgb", "minisblack"),
        compression=compression,
        predictor=bool(pick(0, 1)) and compression in ("lzw", "zlib", "zstd"),
        rowsperstrip=pick(1, 5, None),
    )
    if random.random() < 0.4:
        options |= dict(tile=(16, 32), rowsperstrip=None)
    stored = np.moveaxis(image, 2, 0) if planar == "separate" else image
    tifffile.imwrite(path, stored, **options)
    return f"tifffile {compression}", {"dtype": dtype, "shape": image.shape, **options}


def peer_reading(path, layout):
    """Digests of all samples, and of the tile; None for what is to be refused."""
    with rasterio.open(path) as file:
        samples = np.ascontiguousarray(np.moveaxis(file.read(), 0, 2))
        if layout.get("photometric") == "YCbCr":
            samples = pillow_samples(path, samples.shape)
        return digest(samples), tile_of(file, samples)


def pillow_samples(path, shape):
    """JPEGs of colour differences by Pillow: libtiff's and libjpeg's decoders spread the colours,
    stored at half the size, differently, and the format leaves that to them."""
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        image = np.zeros(shape, "uint8")
        wide, tall = page.chunks[1], page.chunks[0]
        across = -(-shape[1] // wide)
        for i, (at, count) in enumerate(zip(page.dataoffsets, page.databytecounts)):
            if count == 0:
                image[(i // across) * tall :][:tall, (i % across) * wide :][:, :wide] = page.nodata
                continue
            file.filehandle.seek(at)
            jpeg = page.jpegtables[:-2] + file.filehandle.read(count)[2:]
            block = np.array(Image.open(io.BytesIO(jpeg)).convert("RGB"))
            y, x = (i // across) * tall, (i % across) * wide
            part = image[y : y + tall, x : x + wide]
            part[:] = block[: part.shape[0], : part.shape[1]]
        return image


def tile_of(file, samples):
    alpha = [i for i, kind in enumerate(file.colorinterp) if kind == ColorInterp.alpha]
    colours = np.delete(samples, alpha[:1], axis=2)
    if colours.shape[2] < 3:
        return None
    empty = np.zeros(samples.shape[:2], bool)
    if alpha:
        empty |= samples[:, :, alpha[0]] == 0
    flags = file.mask_flag_enums[0]
    if MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags:
        empty |= file.dataset_mask() == 0
    rgb = colours[:, :, :3].copy()
    if file.nodata is not None:
        is_nodata = np.isnan(colours) if np.isnan(file.nodata) else colours == file.nodata
        empty |= is_nodata.all(axis=2)
        if not 0 <= file.nodata <= 255:
            rgb[is_nodata[:, :, :3]] = 0
    rgb[empty] = 0
    with np.errstate(invalid="ignore"):
        bytes_ = rgb.astype("uint8")
    return digest(bytes_) if np.array_equal(bytes_, rgb) else None


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


def verdict(ours, expected, path):
    """How our reading stands to rasterio's, None where that reads nothing."""
    if ours["ms"] > slow_ms:
        return "SLOW"
    if "error" in ours:
        if not ours["error"].startswith(str(path)) or "\n" in ours["error"]:
            return "UNNAMED"
        return "refused by both" if expected is None else "refused"
    if expected is None:
        return "read by ours alone"
    return "equal" if ours["samples"] == expected else "DIFFERENT"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="where files that fail are kept")
    options = parser.parse_args()
    child = subprocess.Popen(
        ["node", reader], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    table, refusals, failed = Counter(), Counter(), 0
    writers = [write_own, write_own, write_own, write_gdal, write_tifffile]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.count):
            random = np.random.default_rng([options.seed, number])
            path = Path(folder) / f"{number}.tif"
            try:
                kind, layout = writers[random.integers(len(writers))](path, random)
            except Exception as error:  # a layout that its writer does not write
                table["-", "not written", type(error).__name__] += 1
                continue
            try:
                samples, tile = peer_reading(path, layout)
            except rasterio.errors.RasterioError:
                samples, tile = None, None
            child.stdin.write(f"{path}\n")
            child.stdin.flush()
            ours = json.loads(child.stdout.readline())
            for what, expected in [("raw", samples), ("tile", tile)]:
                result = verdict(ours[what], expected, path)
                if what == "tile" and result == "read by ours alone" and samples is not None:
                    result = "DIFFERENT"  # a value that no tile may hold was cut
                table[kind, what, result] += 1
                if result == "refused":
                    refusals[reason(ours[what]["error"], path)] += 1
                if result.isupper():
                    failed += 1
                    print(number, what, result, ours[what].get("error", ""), layout, flush=True)
                    if options.keep:
                        options.keep.mkdir(parents=True, exist_ok=True)
                        shutil.copy(path, options.keep)
            for file in Path(folder).iterdir():
                file.unlink()
    child.stdin.close()
    report(table, refusals)
    sys.exit(1 if failed else 0)


def reason(error, path):
    """A refusal without its file and its numbers."""
    text = error.replace(str(path), "").split("(", 1)[0]
    return "".join("#" if letter.isdigit() else letter for letter in text)


def report(table, refusals):
    for key, count in sorted(table.items()):
        print(f"{count:6} {' | '.join(key)}")
    print("refused by ours alone:")
    for text, count in refusals.most_common():
        print(f"{count:6} {text.strip(' ,:')}")


if __name__ == "__main__":
    main()
