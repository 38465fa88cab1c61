"""Polygons as shapely reads them, in the form of packages/xbd: lists of rings x0, y0, x1, ..."""

import re

import shapely


class NotComparable(Exception):
    """A text that packages/xbd and shapely read otherwise by intent."""


def polygons_of_text(wkt):
    """Of a WKT text. Raises what shapely refuses, ValueError for what is more than polygons."""
    try:
        shape = shapely.from_wkt(wkt)
    except Exception as error:
        # rings whose last point is not the first are read by us
        if "closed linestring" in str(error):
            raise NotComparable(str(error)) from error
        raise
    # GEOS reads hexadecimal numbers
    if shape is None or re.search("0x", wkt, re.IGNORECASE):
        raise NotComparable("a hexadecimal number")
    areas = ("Polygon", "MultiPolygon", "GeometryCollection")
    found = polygons(shape) if shape.geom_type in areas else None
    if found is None:
        raise ValueError("more than polygons")
    if any(not abs(v) <= 2**31 for rings in found for ring in rings for v in ring):
        raise NotComparable("coordinates beyond 2^31")
    return found


def polygons(shape):
    """None for a shape that is more than polygons."""
    if shape.geom_type == "Polygon":
        rings = [shape.exterior, *shape.interiors]
        rings = [[v for x, y, *_ in r.coords for v in (x, y)] for r in rings if not r.is_empty]
        return [rings] if rings else []
    if shape.geom_type in ("MultiPolygon", "GeometryCollection"):
        parts = [polygons(part) for part in shapely.get_parts(shape)]
        return None if any(part is None for part in parts) else [p for part in parts for p in part]
    return [] if shape.is_empty else None
