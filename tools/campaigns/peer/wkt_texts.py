"""Random WKT texts, of polygons of any dimension and form, and spoiled ones."""

import random
import re

rng = random.Random()
TAGS = {"": 0, "Z": 1, "M": 1, "ZM": 2}
LITTLE = ["POINT EMPTY", "LINESTRING EMPTY", "POINT (1 1)", "LINESTRING (0 0, 1 1)", "EMPTY"]
WORDS = "POLYGON MULTIPOLYGON GEOMETRYCOLLECTION EMPTY Z M ZM POLYGONZ POINT TRIANGLE CURVEPOLYGON"
PIECES = ["(", ")", ",", " ", "7", "1.5", "-", "e", ".", "nan", "inf", "0x1", ";", "#", "\n"]
PIECES += WORDS.split()


def space(least=0):
    return "".join(rng.choice("    \t\n") for _ in range(least + (rng.random() < 0.1)))


def case(word):
    way = rng.random()
    return word if way < 0.7 else word.lower() if way < 0.85 else word.title()


def number():
    value = rng.uniform(-50, 1100)
    forms = [f"{value:.0f}", f"{value:.0f}.", f"{value:.3f}", f"{value:.6e}", f"{value:.2E}"]
    forms += [f".{abs(value):.0f}", f"+{abs(value):.1f}", f"{value!r}", f"{value / 1e9:.1e}"]
    return rng.choice(forms)


def ring(extra):
    if rng.random() < 0.05:
        return case("EMPTY")
    points = [[number(), number()] for _ in range(rng.randint(3, 7))]
    points.append(points[0])
    words = [[*point, *(number() for _ in range(extra))] for point in points]
    comma = f"{space()},{space(rng.random() < 0.8)}"
    return f"({space()}{comma.join(space(1).join(w) for w in words)}{space()})"


def bracketed(parts):
    return f"({space()}{(space() + ',' + space()).join(parts)}{space()})"


def polygon(extra):
    if rng.random() < 0.08:
        return case("EMPTY")
    return bracketed([ring(extra) for _ in range(rng.choice([1, 1, 1, 2, 3]))])


def geometry(depth=0):
    tag = rng.choice(["", "", "", *TAGS])
    # heights may be there without a tag
    extra = TAGS[tag] if tag or rng.random() < 0.9 else rng.choice([1, 2])
    kind = rng.choice(["POLYGON", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"])
    if kind == "POLYGON":
        body = polygon(extra)
    elif rng.random() < 0.1:
        body = case("EMPTY")
    elif kind == "MULTIPOLYGON":
        body = bracketed([polygon(extra) for _ in range(rng.randint(1, 3))])
    else:
        parts = [geometry(depth + 1) for _ in range(rng.randint(1, 3))] if depth < 2 else []
        if not parts or rng.random() < 0.2:
            parts.append(rng.choice(LITTLE))
        body = bracketed(parts)
    glue = space(tag != "" and rng.random() < 0.7)
    before = space(body[0] != "(" or rng.random() < 0.8)
    return f"{case(kind)}{glue}{case(tag)}{before}{body}"


def spoiled(text):
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        at = rng.randrange(len(text)) if text else 0
        way = rng.randrange(6)
        if way == 0:
            text = text[:at] + text[at + 1 :]
        elif way == 1:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif way == 2:
            text = text[:at] if rng.random() < 0.3 else text + rng.choice(PIECES)
        elif way == 3:  # a comma or bracket is gone
            marks = [m.start() for m in re.finditer(r"[(),]", text)] or [0]
            gone = rng.choice(marks)
            text = text[:gone] + " " + text[gone + 1 :]
        elif way == 4:
            words = text.split(" ")
            del words[rng.randrange(len(words))]
            text = " ".join(words)
        else:
            text = re.sub(r"[A-Za-z]+", rng.choice(WORDS.split()), text, count=1)
    return text
