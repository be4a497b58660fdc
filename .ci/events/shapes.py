#!/usr/bin/env python3
"""Writes the events of sign-ins as the field has them: shapes.py PROGRAM FORMAT VENDOR…

Simulated sign-ins in each wrapping that they are exported in, and those of every vendor with a member
of another kind than documented. Fails where one of them gives no event, or is not told for what it is.
"""

import csv
import io
import json
import pathlib
import subprocess
import sys
import tomllib

PROGRAM, FORMAT, *VENDORS = sys.argv[1:]
KNOWN = ["--tenant", "sample", "--user", "sample-user", "--client-id", "sample-client"]
ODD = [True, 7, -1.5, "odd", [], [None, "odd"], {}, {"odd": [1]}, "a \ud800"]
# What an event cannot be without, and lists' own names, where a record is told by its members. What
# identifies a record by the vendor's model.toml, where that is all.
NEEDED = {
    "tines": {"id", "created_at", "user_id"},
    "avepoint": {"id", "loginTime", "userId", "userPrincipalName"},
    "ssojet": {"CreatedAt", "created_at"},
    "pingone": {"id", "recordedAt", "action", "actors", "resources", "result", "source"},
    "msgraph": {"id", "createdDateTime"},
}
COLUMNS = {
    "ipAddress": "IPAddress",
    "location": "LocationDetails",
    "appliedConditionalAccessPolicies": "ConditionalAccessPolicies",
    "resourceId": "ResourceIdentity",
}


def run(arguments, text=""):
    ran = subprocess.run(
        [PROGRAM, *arguments], input=text.encode("utf-8", "surrogatepass"), capture_output=True, timeout=120
    )
    return ran.stdout.decode(), ran.stderr.decode(), ran.returncode


def simulated(vendor, events):
    """Sign-ins as the vendor's simulated service sends them."""
    demo = ["demo", "--vendor", vendor, "--users", "5", "--events", str(events), "--format", "raw"]
    out, said, code = run(demo)
    if code:
        sys.exit(f"demo of {vendor}: {said}")
    return [json.loads(line) for line in out.splitlines()]


def identifying(vendor):
    """The members that identify records of the first model."""
    model = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / vendor / "model.toml"
    return set(next(iter(tomllib.loads(model.read_text())["model"].values()))["identifying"])


def pascal(value):
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: pascal(inner) for name, inner in value.items()}
    return [pascal(inner) for inner in value] if isinstance(value, list) else value


def diagnostic(sign_in):
    return {
        "time": "2026-03-02T12:00:00Z",
        "category": "SignInLogs",
        "tenantId": "0000007e-0000-4000-8000-000000000001",
        "operationName": "Sign-in activity",
        "callerIpAddress": "198.51.100.7",
        "location": "DE",
        "properties": sign_in,
    }


def row(sign_in):
    """A row of Log Analytics: what is no plain value is JSON as text."""
    cell = lambda value: json.dumps(value) if isinstance(value, (dict, list)) else value
    named = {COLUMNS.get(name, name[:1].upper() + name[1:]): cell(value) for name, value in sign_in.items()}
    return {"Type": "SigninLogs", "TimeGenerated": "2026-03-02T12:00:00Z", **named}


def admin_center(sign_ins):
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["Date (UTC)", "Request ID", "User", "Username", "User ID", "Status", "Sign-in error code"])
    for it in sign_ins:
        code = it["status"]["errorCode"]
        names = [it.get("userDisplayName"), it.get("userPrincipalName"), it.get("userId")]
        table.writerow([it["createdDateTime"], it["id"], *names, "Failure" if code else "Success", code])
    return text.getvalue()


def convert(vendor, text, wanted, **told):
    out, said, code = run(["convert", vendor, "--format", FORMAT, *KNOWN], text)
    summary = json.loads(said.splitlines()[-1])
    events = out.count("\n") + summary.get("no_sign_ins", 0)
    if code or events != wanted or any(summary.get(name) != value for name, value in told.items()):
        sys.exit(f"{vendor}, {told}: exit {code}, {events} events of {wanted}: {said}")
    sys.stdout.write(out)


lines = lambda records: "".join(json.dumps(record) + "\n" for record in records)
graph = simulated("msgraph", 300)
users = [it for it in graph if it.get("userPrincipalName")]
for shape, text, records in [
    ("diagnostic_records", json.dumps({"records": [diagnostic(it) for it in graph]}), graph),
    ("log_analytics", lines(map(row, graph)), graph),
    ("powershell", json.dumps([pascal(it) for it in graph], indent=2), graph),
    ("admin_center_csv", admin_center(users), users),
]:
    convert("msgraph", text, len(records), shapes={shape: len(records)})

for vendor in VENDORS:
    needed = NEEDED.get(vendor) or identifying(vendor)
    odd = []
    for number, record in enumerate(simulated(vendor, 200)):
        members = [name for name in record if name not in needed]
        name = members[number % len(members)]
        odd.append({**record, name: ODD[number % len(ODD)], f"new{number}": {"\udead": "\ud800"}})
    convert(vendor, lines(odd), len(odd), rejected=0)
