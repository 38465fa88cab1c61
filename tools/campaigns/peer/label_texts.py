"""Random labels of xBD as bytes: of any encoding, half of them odd in some way, and outlines that
are simple, so that what is drawn of them can be checked.
"""

import json
import math

from wkt_texts import TAGS, geometry, rng, spoiled

DAMAGES = ["no-damage", "minor-damage", "major-damage", "destroyed", "un-classified"]
ENCODINGS = ["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"]
NO_FEATURES = [None, 7, "text", [], {}, True]


def sometimes(share):
    return rng.random() < share


def star(size, odd):
    """Outline of a simple polygon in an image; where `odd`, it may be beyond it, even far."""
    least, most = (-6, size + 6) if odd else (20, size - 21)
    x, y = rng.uniform(least, most), rng.uniform(least, most)
    far = rng.choice([-1e8, 3e9]) if odd and sometimes(0.03) else 0
    corners = rng.randint(3, 9)
    turns = [(i + rng.uniform(0.1, 0.9)) / corners * 2 * math.pi for i in range(corners)]
    points = [(x + far + math.cos(a) * r, y + math.sin(a) * r) for a in turns
              for r in [rng.uniform(4, 20)]]  # fmt: skip
    return [*points, points[0]]


def star_wkt(points, digits):
    tag = rng.choice(["", "", "", *TAGS])
    more = [" 5", " 5.5", " -1e1"][: TAGS[tag]]
    ring = ", ".join(f"{x:.{digits}f} {y:.{digits}f}{''.join(more)}" for x, y in points)
    kind = rng.choice(["POLYGON", "POLYGON", "POLYGON", "MULTIPOLYGON"])
    body = f"(({ring}))"
    return f"{kind} {tag} {body if kind == 'POLYGON' else f'({body})'}"


def feature(i, size, odd):
    """As xBD's; where `odd`, any part of it may be another."""
    properties = {"feature_type": "building", "subtype": rng.choice(DAMAGES), "uid": f"uid {i}"}
    wkt = star_wkt(star(size, odd), rng.choice([0, 3, 12]))
    if not odd:
        return {"properties": properties, "wkt": wkt}
    if sometimes(0.3):
        properties["uid"] = rng.choice(["uid 0", "uid 1", "", None, 3, ["uid 0"]])
    if sometimes(0.03):
        properties["subtype"] = rng.choice(["Destroyed", "", None, 3, False, ["destroyed"]])
    if sometimes(0.03):
        del properties[rng.choice(list(properties))]
    if sometimes(0.3):
        wkt = geometry()
    if sometimes(0.03):
        wkt = rng.choice([spoiled(wkt), None, 7, ["POLYGON EMPTY"], ""])
    whole = {"properties": properties, "wkt": wkt}
    if sometimes(0.03):
        whole["properties"] = rng.choice([None, [], "text", 7])
    if sometimes(0.02):
        del whole[rng.choice(list(whole))]
    return rng.choice(NO_FEATURES) if sometimes(0.02) else whole


def metadata(size, odd):
    event = rng.choice(["wind", "flooding", "inondé", "дождь"])
    found = {"disaster": "made-up", "disaster_type": event, "width": size, "height": size}
    if odd and sometimes(0.3):
        values = [f"{size}", None, True, size + 1, float(size), size + 0.5, -size, [size]]
        found[rng.choice(["width", "height"])] = rng.choice(values)
    if odd and sometimes(0.1):
        del found[rng.choice(list(found))]
    return found


def label_json(size, odd):
    count = rng.choice([0, 1, 2, 3, 5])
    xy = [feature(i, size, odd) for i in range(count)]
    # the same in longitude and latitude; what is wrong there counts too
    lng_lat = [{**f, "wkt": "POLYGON ((-94.1 37, -94 37, -94 37.1, -94.1 37))"}
               for f in xy if isinstance(f, dict)]  # fmt: skip
    features = {"lng_lat": lng_lat, "xy": xy}
    whole = {"features": features, "metadata": metadata(size, odd)}
    if odd and sometimes(0.1):
        features["lng_lat"] = rng.choice([[], None, {}, "text", [None], xy])
    if odd and sometimes(0.04):
        features["xy"] = rng.choice([None, {}, "text", 7])
    if odd and sometimes(0.06):
        part = rng.choice(["features", "metadata"])
        whole[part] = rng.choice([None, [], "text", 7])
    if odd and sometimes(0.06):
        part = rng.choice([features, whole])
        del part[rng.choice(list(part))]
    return rng.choice([None, [], "text", 7, [whole]]) if odd and sometimes(0.02) else whole


def label_bytes(size):
    odd = sometimes(0.5)
    options = {"ensure_ascii": sometimes(0.5), "indent": rng.choice([None, None, 2])}
    text = json.dumps(label_json(size, odd), sort_keys=sometimes(0.3), **options)
    if odd and sometimes(0.1):
        way = rng.randrange(4)
        at = rng.randrange(len(text))
        if way == 0:
            text = text[:at]
        elif way == 1:
            text = text[:at] + rng.choice([",", "}", "NaN", "\n", "\\", '"', " "]) + text[at:]
        elif way == 2:
            text = text.replace(f"{size}", "1e400", 1)
        else:
            text = text[:1] + '"features": {"xy": []}, ' + text[1:]
    encoding = rng.choice(ENCODINGS)
    return text.encode(encoding, "replace")
