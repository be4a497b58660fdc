#!/usr/bin/env python3
"""Writes the events of every documented sample: samples.py PROGRAM FORMAT VENDOR…

Fails where a sample gives no event at all.
"""

import json
import pathlib
import re
import subprocess
import sys

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"
PROGRAM, FORMAT, *VENDORS = sys.argv[1:]
KNOWN = ["--tenant", "sample", "--user", "sample-user", "--client-id", "sample-client"]

# Samples of sign-ins, by their names' beginnings, where that is not `sign_ins`. Other samples are of
# users, customers and errors.
SIGN_INS = {
    "tines": ["signin_activities", "audit_logs"],
    "ssojet": ["login_logs"],
    "pingone": ["activities", "user_activities"],
    "msgraph": ["sign_in"],
}
# Records of samples that no event can be made of: they have no time.
REJECTED = {"sign_ins.rfc3339.json": 2}
# Samples of how a list ends.
EMPTY = {"sign_ins.last_page.json"}


def body(text):
    """The sample as a service sends it: no HTTP head, comments or trailing commas."""
    if text.startswith("HTTP/"):
        text = text.split("\n\n", 1)[1]
    text = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda found: found[1] or "", text)
    return re.sub(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', lambda found: found[1] or "", text)


for vendor in VENDORS:
    for beginning in SIGN_INS.get(vendor, ["sign_ins"]):
        if (beginning, FORMAT) == ("user_activities", "ocsf"):
            continue  # Counts: OCSF has no class for them.
        samples = [it for it in sorted((FIXTURES / vendor).iterdir()) if it.name.startswith(beginning)]
        assert samples, f"no samples of {vendor} {beginning}"
        for sample in samples:
            command = [PROGRAM, "convert", vendor, "--format", FORMAT, *KNOWN]
            run = subprocess.run(
                command, input=body(sample.read_text()), capture_output=True, text=True, timeout=60
            )
            summary = json.loads(run.stderr.splitlines()[-1])
            rejected = REJECTED.get(sample.name, 0)
            if summary.get("rejected") != rejected or bool(run.stdout) == (sample.name in EMPTY):
                sys.exit(f"{sample}: exit {run.returncode}, {run.stderr}")
            sys.stdout.write(run.stdout)
