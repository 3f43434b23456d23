#!/usr/bin/env python3
"""Writes knowledge as CSV: ROWS rows of about 350 bytes, the same for the same seed.

usage: generate.py FOLDER ROWS

first.csv     sequential keys
changed.csv   the same with another body in every tenth row
shuffled.csv  the same as first.csv in a random order
quoted.csv    bodies of which a third hold quotes and line breaks, as texts that people wrote do
"""

import random
import sys
from pathlib import Path

HEADER = "external_id,title,body,language,tags,source\n"
WORDS = """account address agent answer appointment billing branch change chat charge contract customer delivery
discount document email exchange guarantee holiday hour invoice item letter limit message notice number offer opening
order package password payment phone price privacy product question receipt refund return sale schedule service shop
support tariff ticket warranty week entrega factura horario pago pedido precio producto reembolso soporte tienda
""".split()


def sentence(numbers: random.Random, length: int) -> str:
    text = " ".join(numbers.choices(WORDS, k=length // 6))
    return text[:length].strip().capitalize()


def row(number: int, kind: str) -> str:
    numbers = random.Random(number)
    title = sentence(numbers, 50) + "?"
    body = sentence(numbers, 220) + "."
    language = "es" if number % 3 == 0 else "en"
    if kind == "quoted":
        if number % 3 == 0:
            body = '"' + body.replace(" ", ' ""so""\n', 3) + '"'
    # One row in eight needs quotes: a comma, or a quote inside quotes.
    elif number % 8 == 0:
        body = '"' + body.replace(" ", ", ", 1) + ' He said ""yes"".' + '"'
    if kind == "changed" and number % 10 == 0:
        body = body[:-1] + " today" + body[-1]
    return f'item-{number:09d},{title},{body},{language},"[""faq"",""{language}""]",bench-{number % 97:02d}.csv\n'


def main() -> None:
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    numbers = list(range(rows))
    for kind in ("first", "changed", "shuffled", "quoted"):
        if kind == "shuffled":
            random.Random(1).shuffle(numbers)
        elif kind == "quoted":
            numbers.sort()
        with open(folder / f"{kind}.csv", "w", encoding="utf-8", newline="") as file:
            file.write(HEADER)
            file.writelines(row(number, kind) for number in numbers)


if __name__ == "__main__":
    main()
