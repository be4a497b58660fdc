#!/usr/bin/env python3
"""Checks the recipes: python3 check.py PROGRAM. Needs jq and python3-yaml.

Each command line in a recipe is run with what it asks for left out, so that the program itself says
whether it understands it; one-liners of the README are run as they stand.
"""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import tomllib
import yaml

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(sys.argv[1]).resolve()
faults = []


def expect(recipe, holds, what):
    if not holds:
        faults.append(f"{recipe}: {what}")


def understood(recipe, arguments):
    """The program takes the command line, and misses nothing but what the environment has."""
    run = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env={}, timeout=60)
    expect(recipe, run.returncode == 2 and "TINES_BASE_URL" in run.stderr, f"{arguments}: {run.stderr}")
    expect(recipe, run.stdout == "", f"{arguments}: says something on standard output")


def unit(name):
    """A unit file: sections of keys, a key perhaps several times."""
    sections, section = {}, None
    for line in (HERE / name).read_text().splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = sections.setdefault(line[1:-1], {})
        elif line and not line.startswith(("#", ";")):
            key, equals, value = line.partition("=")
            expect(name, equals and section is not None, f"no assignment: {line}")
            section.setdefault(key, []).append(value)
    return sections


def systemd():
    service, timer = unit("signin-tines.service"), unit("signin-tines.timer")
    run = service["Service"]
    command = shlex.split(run["ExecStart"][0].replace("${STATE_DIRECTORY}", tempfile.gettempdir()))
    understood("signin-tines.service", command[1:])
    expect("signin-tines.service", run["LoadCredential"][0].startswith("TINES_API_KEY:/"), "no key")
    expect("signin-tines.service", run["StandardOutput"] != run["StandardError"], "outputs mix")
    expect("signin-tines.service", run["Type"] == ["oneshot"], "a run is one shot")
    expect("signin-tines.timer", timer["Timer"]["OnCalendar"] and timer["Install"]["WantedBy"], "no time")
    try:
        subprocess.run(["systemd-analyze", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        print("systemd-analyze is not here: units are checked by this program only", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("signin-tines.service", "signin-tines.timer"):
            # The program need not be installed where recipes are checked.
            text = (HERE / name).read_text().replace("/usr/local/bin/signin", "/bin/true")
            pathlib.Path(folder, name).write_text(text)
        paths = [f"{folder}/signin-tines.service", f"{folder}/signin-tines.timer"]
        verify = ["systemd-analyze", "verify", "--man=no", *paths]
        verified = subprocess.run(verify, capture_output=True, text=True)
        ours = [line for line in verified.stderr.splitlines() if "signin-tines" in line]
        expect("systemd", not ours, "\n".join(ours))


def kubernetes():
    recipe = "cronjob.yaml"
    job = yaml.safe_load((HERE / recipe).read_text())
    expect(recipe, (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob"), "another kind")
    spec = job["spec"]["jobTemplate"]["spec"]
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    understood(recipe, container["args"])
    expect(recipe, len(job["spec"]["schedule"].split()) == 5, "schedule")
    expect(recipe, job["spec"]["concurrencyPolicy"] == "Forbid", "runs may overlap")
    expect(recipe, pod["restartPolicy"] == "Never", "podFailurePolicy asks for Never")
    rules = spec["podFailurePolicy"]["rules"]
    expect(recipe, rules[0]["onExitCodes"]["containerName"] == container["name"], "another container")
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    expect(recipe, mounts.keys() == volumes.keys(), "a mount without a volume")
    variables = {variable["name"]: variable["value"] for variable in container["env"]}
    expect(recipe, variables["TINES_API_KEY_FILE"].startswith(mounts["key"] + "/"), "no key there")
    expect(recipe, not volumes["key"]["secret"]["defaultMode"] & 0o007, "everybody reads the key")


def vector():
    recipe = "vector.toml"
    config = tomllib.loads((HERE / recipe).read_text())
    source = config["sources"]["tines"]
    understood(recipe, source["command"][1:])
    expect(recipe, source["include_stderr"] is False, "messages are taken for records")
    expect(recipe, source["decoding"]["codec"] == "json", "codec")
    parts = config["sources"].keys() | config["transforms"].keys()
    for part in [*config["transforms"].values(), *config["sinks"].values()]:
        expect(recipe, set(part["inputs"]) <= parts, f"inputs that are not there: {part['inputs']}")
    members = set(config["transforms"]["once"]["fields"]["match"])
    line = subprocess.run([PROGRAM, "demo", "--vendor", "tines", "--events", "1"], capture_output=True, text=True).stdout
    expect(recipe, members <= yaml.safe_load(line).keys(), "members that envelopes do not have")


def fluent_bit():
    def sections(name):
        found = []
        for line in (HERE / name).read_text().splitlines():
            line = line.strip()
            if line.startswith("["):
                found.append((line.strip("[]"), {}))
            elif line and not line.startswith("#"):
                key, _, value = line.partition(" ")
                expect(name, value.strip() and found, f"no setting: {line}")
                found[-1][1][key] = value.strip()
        return found

    config, parsers = sections("fluent-bit.conf"), sections("fluent-bit-parsers.conf")
    names = {kind: settings for kind, settings in config}
    expect("fluent-bit.conf", names.keys() == {"SERVICE", "INPUT", "OUTPUT"}, f"{list(names)}")
    expect("fluent-bit.conf", (HERE / names["SERVICE"]["Parsers_File"]).is_file(), "no parsers")
    known = {settings["Name"] for kind, settings in parsers if kind == "PARSER"}
    expect("fluent-bit.conf", names["INPUT"]["Parser"] in known, "a parser that is not there")
    written = unit("signin-tines.service")["Service"]["StandardOutput"][0].removeprefix("append:")
    expect("fluent-bit.conf", names["INPUT"]["Path"] == written, "not the file that is written")


def one_liners():
    """The README's blocks marked `<!-- recipe -->`, run as they stand."""
    readme = (HERE.parent / "README.md").read_text()
    blocks = re.findall(r"<!-- recipe -->\n```sh\n(.*?)```", readme, flags=re.S)
    expect("README.md", len(blocks) >= 3, "the one-liners are gone")
    for block in blocks:
        with tempfile.TemporaryDirectory() as folder:
            shell = ["bash", "-euo", "pipefail", "-c", block]
            path = f"{PROGRAM.parent}:/usr/local/bin:/usr/bin:/bin"
            run = subprocess.run(shell, capture_output=True, text=True, cwd=folder, env={"PATH": path})
            expect("README.md", run.returncode == 0 and run.stdout, f"{block}{run.stderr}")


for check in (systemd, kubernetes, vector, fluent_bit, one_liners):
    try:
        check()
    except (KeyError, IndexError, ValueError, OSError, yaml.YAMLError) as error:
        faults.append(f"{check.__name__}: {type(error).__name__}: {error}")
print("\n".join(faults) or "all recipes hold")
sys.exit(bool(faults))
