#!/usr/bin/env python3
"""Writes knowledge as CSV: ROWS rows of about 350 bytes, the same for the same seed.

usage: generate.py FOLDER ROWS

first.csv     sequential keys
changed.csv   the same with another body in every tenth row
shuffled.csv  the same as first.csv in a random order
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


def row(number: int, changed: bool) -> str:
    numbers = random.Random(number)
    title = sentence(numbers, 50) + "?"
    body = sentence(numbers, 220) + "."
    language = "es" if number % 3 == 0 else "en"
    # One row in eight needs quotes: a comma, or a quote inside quotes.
    if number % 8 == 0:
        body = '"' + body.replace(" ", ", ", 1) + ' He said ""yes"".' + '"'
    if changed and number % 10 == 0:
        body = body[:-1] + " today" + body[-1]
    return f'item-{number:09d},{title},{body},{language},"[""faq"",""{language}""]",bench-{number % 97:02d}.csv\n'


def main() -> None:
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    numbers = list(range(rows))
    for name, changed in (("first.csv", False), ("changed.csv", True), ("shuffled.csv", False)):
        if name == "shuffled.csv":
            random.Random(1).shuffle(numbers)
        with open(folder / name, "w", encoding="utf-8", newline="") as file:
            file.write(HEADER)
            file.writelines(row(number, changed) for number in numbers)


main()
