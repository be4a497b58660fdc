#!/usr/bin/env python3
"""Counts events by vendor: count.py FORMAT LEAST FILE NAME…

A name is the program's for a vendor and the vendor's own: tines=Tines. Prints the counts, and fails
where one of the vendors has fewer than so many: a vendor that gives no events is not found by a check
of those that are there.
"""

import collections
import json
import sys

FORMAT, LEAST, FILE, *NAMES = sys.argv[1:]
NAMES = dict(name.split("=") for name in NAMES)


def own_name(event):
    product = event["metadata"]["product"] if FORMAT == "ocsf" else event["signin"]
    return product["vendor_name"]


counts = collections.Counter(own_name(json.loads(line)) for line in open(FILE, encoding="utf-8"))
print(f"{FORMAT}, {FILE.rsplit('/')[-1]}:", ", ".join(f"{name} {counts[own]}" for name, own in NAMES.items()))
few = [name for name, own in NAMES.items() if counts[own] < int(LEAST)]
sys.exit(f"fewer than {LEAST} events: {', '.join(few)}" if few else 0)
