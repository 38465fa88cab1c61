"""JSON of lists, numbers and texts, as JavaScript writes it."""

import json


def text_of(value):
    if isinstance(value, list):
        return f"[{','.join(map(text_of, value))}]"
    if isinstance(value, float):
        return number(value)
    return json.dumps(value)


def number(value):
    if value == 0:
        return "0"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    if "e" not in text:
        return text
    digits, exponent = text.split("e")
    power = int(exponent)
    if -6 <= power < 0:
        figures = digits.lstrip("-").replace(".", "")
        return f"{'-' if value < 0 else ''}0.{'0' * (-power - 1)}{figures}"
    return f"{digits}e{'+' if power > 0 else '-'}{abs(power)}"
