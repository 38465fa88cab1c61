"""Writes places of xBD with random labels, and beside them, in expected.jsonl, what json and
shapely find in each: a line {"stem", "pair": null, "refused"} or {"stem", "pair": {...}}.

It needs numpy and shapely.
Usage: python write_labels.py SEED COUNT ROOT PRE.png POST.png
ROOT/train/images and labels are written; the images are links to those given, 64 x 64 pixels.
"""

import base64
import json
import math
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import shapely
from label_texts import DAMAGES, label_bytes
from polygons import NotComparable, polygons_of_text
from wkt_texts import rng

SIZE = 64
Y, X = np.mgrid[0:SIZE, 0:SIZE]


class Refused(Exception):
    pass


def text_of(data):
    """By the mark, or by the zeros of the first characters, which are ASCII."""
    encoding = json.detect_encoding(data)
    if encoding.startswith("utf-32"):
        raise Refused("UTF-32")
    return data.decode(encoding, "strict")


def no_number(text):
    raise Refused(f"{text} is no JSON")


def buildings_of(features):
    if not isinstance(features, list):
        raise Refused("no list of features")
    return [building_of(feature) for feature in features]


def building_of(feature):
    if not isinstance(feature, (dict, list)):
        raise Refused(f"feature {feature}")
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    damage = properties.get("subtype")
    if damage is not None and damage not in DAMAGES:
        raise Refused(f"damage {damage}")
    wkt = feature.get("wkt")
    if not isinstance(wkt, str):
        raise Refused(f"wkt {wkt}")
    uid = properties.get("uid")
    return damage, uid if isinstance(uid, str) else "", polygons_of_text(wkt)


def place_of(data):
    """What an index says of the place, or raises."""
    label = json.loads(text_of(data), parse_constant=no_number)
    label = label if isinstance(label, dict) else {}
    features = label.get("features")
    features = features if isinstance(features, dict) else {}
    buildings = buildings_of(features.get("xy"))
    lng_lat = features.get("lng_lat")
    on_earth = buildings_of([] if lng_lat is None else lng_lat)
    metadata = label.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    sizes = [metadata.get(key) for key in ("width", "height")]
    known = [s if isinstance(s, (int, float)) and not isinstance(s, bool) else None for s in sizes]
    if any(size is not None and size != SIZE for size in known):
        raise Refused(f"size {sizes}")
    if any(damage is None for damage, _, _ in buildings):
        raise Refused("no damage")
    uids = [uid for _, uid, _ in buildings if uid]
    beyond = [far for far in map(beyond_of, buildings) if far > 1]
    outlines = [polygons[0][0][:2] for _, _, polygons in on_earth if polygons]
    event = metadata.get("disaster_type")
    return {
        "type": event if isinstance(event, str) else "",
        "buildings": {damage: [b[0] for b in buildings].count(damage) for damage in DAMAGES},
        "rings": [polygons for _, _, polygons in buildings],
        "place": outlines[0] if outlines else None,
        "twice": len({uid for uid in uids if uids.count(uid) > 1}),
        "beyond": [len(beyond), math.ceil(max(beyond))] if beyond else None,
        "empty": sum(not polygons for _, _, polygons in buildings),
        "sizeUnknown": None in known,
        "drawn": drawn_of(buildings),
    }


def beyond_of(building):
    rings = [ring for rings in building[2] for ring in rings]
    points = [(x, y) for ring in rings for x, y in zip(ring[::2], ring[1::2])]
    return max([0, *(max(-x, -y, x - SIZE, y - SIZE) for x, y in points)])


def drawn_of(buildings):
    """Pixels that must, and those that may, be drawn, bits of rows; None for outlines that cross
    themselves, or the image's edge, where OpenCV, as which we draw, takes other slopes.
    """
    shapes = [shapely.Polygon(list(zip(rings[0][::2], rings[0][1::2])))
              for _, _, polygons in buildings for rings in polygons]  # fmt: skip
    image = shapely.box(0, 0, SIZE - 1, SIZE - 1)
    if not all(shape.is_valid and image.covers(shape) for shape in shapes):
        return None
    # corners move to whole pixels, and pixels on the outline are inside
    return [bits_of(inside(shapes, -0.75)), bits_of(inside(shapes, 1.5))]


def inside(shapes, distance):
    return shapely.contains_xy(shapely.union_all([s.buffer(distance) for s in shapes]), X, Y)


def bits_of(pixels):
    return base64.b64encode(np.packbits(pixels)).decode()


def write_place(root, i, pre, post):
    stem = f"made-up_{i:08d}"
    for phase, image in (("pre", pre), ("post", post)):
        os.link(image, root / "images" / f"{stem}_{phase}_disaster.png")
    while True:
        data = label_bytes(SIZE)
        try:
            found = {"stem": stem, "pair": place_of(data)}
        except NotComparable:
            continue
        except Exception as error:
            why = f"{type(error).__name__}: {str(error)[:100]}"
            found = {"stem": stem, "pair": None, "refused": why}
        break
    (root / "labels" / f"{stem}_post_disaster.json").write_bytes(data)
    return json.dumps(found)


def main(seed, count, root, pre, post):
    warnings.simplefilter("ignore")
    rng.seed(seed)
    for folder in ("images", "labels"):
        (root / "train" / folder).mkdir(parents=True)
    lines = [write_place(root / "train", i, pre, post) for i in range(count)]
    (root / "expected.jsonl").write_text("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *map(Path, sys.argv[3:6]))
