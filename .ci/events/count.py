#!/usr/bin/env python3
"""Counts events by vendor: count.py FORMAT LEAST FILE.

Prints the counts, and fails where one of the five vendors has fewer than so many: a vendor that
gives no events is not found by a check of those that are there.
"""

import collections
import json
import sys

FORMAT, LEAST, FILE = sys.argv[1:]
OCSF = {"Tines": "tines", "AvePoint": "avepoint", "SSOJet": "ssojet", "Ping Identity": "pingone", "Microsoft": "msgraph"}
ECS = {"entra": "msgraph"}


def vendor(event):
    if FORMAT == "ocsf":
        return OCSF[event["metadata"]["product"]["vendor_name"]]
    return ECS.get(event["event"]["module"], event["event"]["module"])


counts = collections.Counter(vendor(json.loads(line)) for line in open(FILE, encoding="utf-8"))
print(f"{FORMAT}, {FILE.rsplit('/')[-1]}:", ", ".join(f"{name} {counts[name]}" for name in OCSF.values()))
few = [name for name in OCSF.values() if counts[name] < int(LEAST)]
sys.exit(f"fewer than {LEAST} events: {', '.join(few)}" if few else 0)
