"""What other programs read in a file: answers a line of JSON to a line {"kind", "path"}: the
SHA-256 of what is in it, in the form of files/readers, or why it is not read.

Kinds: tiff (rasterio), image and mask (Pillow), label (json and shapely).
It needs rasterio, numpy, Pillow and shapely. Usage: python peer.py [--write FOLDER]
"""

import base64
import hashlib
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import rasterio
from javascript_json import text_of
from PIL import Image, ImageFile
from polygons import NotComparable, polygons_of_text

warnings.simplefilter("ignore")
ImageFile.LOAD_TRUNCATED_IMAGES = False
DAMAGES = ["no-damage", "minor-damage", "major-damage", "destroyed", "un-classified"]


def tiff(path):
    with rasterio.open(path) as file:
        samples = np.ascontiguousarray(np.moveaxis(file.read(), 0, 2))
    return hashlib.sha256(samples.tobytes()).hexdigest()


def image(path):
    """As RGB, black where the alpha is 0."""
    with Image.open(path) as file:
        file.load()
        rgba = np.array(file.convert("RGBA"))
        has_alpha = "A" in file.mode or "transparency" in file.info
    rgb = rgba[:, :, :3].copy()
    if has_alpha:
        rgb[rgba[:, :, 3] == 0] = 0
    return pixels(rgb)


def texture(path):
    with Image.open(path) as file:
        file.load()
        return pixels(np.array(file.convert("RGB")))


def mask(path):
    with Image.open(path) as file:
        file.load()
        if file.mode not in ("1", "L", "P", "I;16", "I"):
            raise ValueError(f"mode {file.mode}")
        return pixels(np.array(file).astype("uint8"))


def pixels(array):
    height, width = array.shape[:2]
    return digest([width, height, base64.b64encode(array.tobytes()).decode()])


def label(path):
    """Damages and rings of the buildings in pixels."""
    data = Path(path).read_bytes()
    found = json.loads(data)["features"]["xy"]
    buildings = []
    for feature in found:
        damage = (feature.get("properties") or {}).get("subtype")
        if damage is not None and damage not in DAMAGES:
            raise ValueError(f"damage {damage}")
        rings = polygons_of_text(feature["wkt"])
        buildings.append([damage, rings])
    return digest(buildings)


def digest(value):
    return hashlib.sha256(text_of(value).encode()).hexdigest()


def write_more(folder):
    """Codecs that no fixture has."""
    y, x = np.mgrid[0:40, 0:48]
    bands = np.stack([(3 * x + 5 * y + 40 * b) % 251 for b in range(3)]).astype("uint8")
    kinds = {"lerc": {}, "lerc_zstd": {}, "lerc_deflate": {}, "zstd": {}, "lzw": {"predictor": 2}}
    for compress, options in kinds.items():
        path = Path(folder) / f"more-{compress}.tif"
        options = dict(driver="GTiff", width=48, height=40, count=3, compress=compress, **options)
        with rasterio.open(path, "w", dtype="uint8", blockysize=8, **options) as file:
            file.write(bands)
        print(path)


def main():
    if len(sys.argv) > 1:
        write_more(sys.argv[2])
        return
    kinds = dict(tiff=tiff, image=image, texture=texture, mask=mask, label=label)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"peer": kinds[request["kind"]](request["path"])}
        except NotComparable:
            answer = {"peer": "unchecked"}
        except Exception as error:
            answer = {"peer": f"refused: {type(error).__name__}: {str(error)[:200]}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
