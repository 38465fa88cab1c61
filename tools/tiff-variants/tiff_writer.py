"""Writes TIFFs of layouts that no library writes: any byte order, classic or BigTIFF, FillOrder 2,
byte counts that are wrong or missing.

It needs numpy and imagecodecs.
"""

import struct

import imagecodecs
import numpy as np

SHORT, LONG, ASCII, LONG8 = 3, 4, 2, 16
CODES = {SHORT: "H", LONG: "I", LONG8: "Q", ASCII: "B"}
COMPRESSIONS = {"none": 1, "lzw": 5, "deflate": 8, "packbits": 32773, "zstd": 50000}
FORMATS = {"u": 1, "i": 2, "f": 3}


def pack_block(block, layout):
    """Bytes of a block of rows x columns x bands, in the file's byte order."""
    if layout["predictor"] == 2:
        before = np.zeros_like(block[:, :1])
        block = (block - np.concatenate([before, block[:, :-1]], axis=1)).astype(block.dtype)
    order = ">" if layout["big_endian"] else "<"
    plain = block.astype(block.dtype.newbyteorder(order)).tobytes()
    packed = {
        "none": lambda: plain,
        "lzw": lambda: imagecodecs.lzw_encode(plain),
        "deflate": lambda: imagecodecs.zlib_encode(plain),
        "packbits": lambda: imagecodecs.packbits_encode(plain),
        "zstd": lambda: imagecodecs.zstd_encode(plain),
    }[layout["compression"]]()
    return imagecodecs.bitorder_encode(packed) if layout["fill_order"] == 2 else packed


def blocks_of(image, layout):
    """The image's blocks, plane by plane where bands lie apart; tiles are filled up with 0."""
    planes = np.split(image, image.shape[2], axis=2) if layout["planar"] else [image]
    height, width = image.shape[:2]
    tall, wide = layout["block"]
    for plane in planes:
        for y in range(0, height, tall):
            for x in range(0, width, wide):
                block = plane[y : y + tall, x : x + wide]
                if layout["tiled"]:
                    rows, columns = tall - block.shape[0], wide - block.shape[1]
                    block = np.pad(block, ((0, rows), (0, columns), (0, 0)))
                yield np.ascontiguousarray(block)


def write(path, image, layout):
    """Writes an image of rows x columns x bands."""
    body = bytearray()
    first = 16 if layout["big_tiff"] else 8
    offsets, counts = [], []
    for i, block in enumerate(blocks_of(image, layout)):
        if i in layout["unwritten"]:
            offsets.append(0)
            counts.append(0)
            continue
        packed = pack_block(block, layout)
        offsets.append(first + len(body))
        counts.append(len(packed))
        body += packed + b"\0" * layout["padding"]
        body += b"\0" * (len(body) % 2)
    counts = [count and count + layout["padding"] for count in counts]
    if layout["counts"] == "zero":
        counts = [0] * len(counts)
    if layout["counts"] == "too large":
        counts = [count and count + 100_000 for count in counts]
    entries = entries_of(image, layout, offsets, counts)
    directory = first + len(body)
    path.write_bytes(header(layout, directory) + body + directory_bytes(entries, layout, directory))


def header(layout, directory):
    order = ">" if layout["big_endian"] else "<"
    mark = b"MM" if layout["big_endian"] else b"II"
    if layout["big_tiff"]:
        return mark + struct.pack(order + "HHHQ", 43, 8, 0, directory)
    return mark + struct.pack(order + "HI", 42, directory)


def entries_of(image, layout, offsets, counts):
    height, width, bands = image.shape
    place = LONG8 if layout["big_tiff"] else LONG
    entries = {
        256: (LONG, [width]),
        257: (LONG, [height]),
        258: (SHORT, [image.dtype.itemsize * 8] * bands),
        259: (SHORT, [COMPRESSIONS[layout["compression"]]]),
        262: (SHORT, [layout["photometric"]]),
        277: (SHORT, [bands]),
        284: (SHORT, [2 if layout["planar"] else 1]),
        339: (SHORT, [FORMATS[image.dtype.kind]] * bands),
    }
    tall, wide = layout["block"]
    if layout["tiled"]:
        entries |= {322: (LONG, [wide]), 323: (LONG, [tall]), 324: (place, offsets)}
    else:
        entries |= {273: (place, offsets), 278: (LONG, [tall])}
    if layout["counts"] != "missing":
        entries[325 if layout["tiled"] else 279] = (LONG, counts)
    if layout["fill_order"] == 2:
        entries[266] = (SHORT, [2])
    if layout["predictor"] == 2 or layout["idle_predictor"]:
        entries[317] = (SHORT, [2])
    if layout["extra"]:
        entries[338] = (SHORT, layout["extra"])
    if layout["nodata"] is not None:
        entries[42113] = (ASCII, list(layout["nodata"].encode() + b"\0"))
    return entries


def directory_bytes(entries, layout, at):
    """The directory, and behind it the values that do not fit in it."""
    order = ">" if layout["big_endian"] else "<"
    count, place, inline = ("Q", "Q", 8) if layout["big_tiff"] else ("H", "I", 4)
    entry_bytes = 20 if layout["big_tiff"] else 12
    head = struct.pack(order + count, len(entries))
    end = at + len(head) + len(entries) * entry_bytes + inline
    out, beyond = head, b""
    for tag, (kind, values) in sorted(entries.items()):
        data = struct.pack(f"{order}{len(values)}{CODES[kind]}", *values)
        if len(data) > inline:
            where = struct.pack(order + place, end + len(beyond))
            beyond += data + b"\0" * (len(data) % 2)
        else:
            where = data.ljust(inline, b"\0")
        out += struct.pack(order + "HH" + place, tag, kind, len(values)) + where
    return out + struct.pack(order + place, 0) + beyond
