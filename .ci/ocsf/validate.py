"""Validates OCSF events, an event a line, as Authentications of OCSF 1.8.0.

Usage: validate.py VALIDATOR FILE…      prints the first faults, each with its line and path, and a count
       validate.py --prove VALIDATOR    shows that it finds the faults it is there for

ocsf-json-schema has the published schema 1.8.0, with the profiles that the line declares. Read from
the schema beside: each caption is its id's own (or the source's word, beside 99, where no other id
has it for a caption, in whatever case), each profile is declared where it is used and only there, and
nothing is null.

pydantic-ocsf is the second opinion. It knows 1.7.0 only. What 1.8.0 added to the class and to the
objects that are used here, it cannot know: `fingerprints`, `mac_vendor` and `pool` of endpoints,
`mac_vendor` and `pool` of devices, `metadata.total_queued_duration`, fingerprints by Imphash, NPF and
HASSH. None of these is written. It lets nulls, unknown attributes and a missing `service` pass, knows
no profile's attributes and no text's pattern: those are the first validator's. Its own are the sum
that makes `type_uid`, and its own table of captions.
"""

import copy
import json
import sys

VERSION = "1.8.0"
CLASS = "authentication"
SHOWN = 20


def main(arguments):
    match arguments:
        case ["--prove", name] if name in VALIDATORS:
            return prove(VALIDATORS[name](), name)
        case [name, *files] if name in VALIDATORS and files:
            return validate(VALIDATORS[name](), name, files)
    print(__doc__)
    return 2


def validate(faults_of, name, files):
    events = faulty = shown = 0
    for file in files:
        for number, line in enumerate(open(file, "rb"), 1):
            events += 1
            found = list(faults(faults_of, line))
            faulty += bool(found)
            for path, reason in found[: SHOWN - shown]:
                print(f"{file}:{number}: {path or '/'}: {reason[:200]}")
            shown = min(SHOWN, shown + len(found))
    print(f"{name}: {events} events, {faulty} with faults")
    return 0 if events and not faulty else 1


def faults(faults_of, line):
    try:
        event = json.loads(line, object_pairs_hook=members, parse_constant=no_number)
    except ValueError as error:
        return [("", str(error))]
    return faults_of(event) if isinstance(event, dict) else [("", "is no object")]


def members(pairs):
    names = [name for name, _ in pairs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"twice in one object: {', '.join(sorted(twice))}")
    return dict(pairs)


def no_number(text):
    raise ValueError(f"{text} is no JSON")


def pointer(steps):
    return "".join(f"/{step}" for step in steps)


def published():
    """The published schema, by ocsf-json-schema and jsonschema."""
    from jsonschema import Draft202012Validator
    from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

    schema = get_ocsf_schema(version=VERSION)
    writer = OcsfJsonSchemaEmbedded(schema)
    attributes = schema["classes"][CLASS]["attributes"]
    validators = {}

    def faults_of(event):
        metadata = event.get("metadata")
        if not isinstance(metadata, dict):
            yield "/metadata", "is no object"
            return
        if metadata.get("version") != VERSION:
            yield "/metadata/version", f"is not {VERSION}"
        profiles = metadata.get("profiles", [])
        if not isinstance(profiles, list) or not all(isinstance(name, str) for name in profiles):
            yield "/metadata/profiles", "is no list of names"
            return
        for profile in profiles:
            if not any(profile in (of.get("profiles") or []) and name in event for name, of in attributes.items()):
                yield "/metadata/profiles", f"{profile} is declared and not used"
        key = tuple(sorted(set(profiles)))
        if key not in validators:
            validators[key] = Draft202012Validator(writer.get_class_schema(CLASS, list(key)))
        for error in validators[key].iter_errors(event):
            yield pointer(error.absolute_path), error.message
        yield from captions(schema, attributes, event, "")
        yield from nulls(event, "")

    return faults_of


def captions(schema, attributes, value, path):
    """Captions that are missing, or not those of the ids beside them."""
    for name, member in value.items():
        attribute = attributes.get(name, {})
        sibling, enum = attribute.get("sibling"), attribute.get("enum")
        if sibling and enum:
            caption, expected = value.get(sibling), enum.get(str(member), {}).get("caption")
            if not caption or (member != 99 and caption != expected):
                yield f"{path}/{sibling}", f"{caption!r} beside {name} {member}, whose caption is {expected!r}"
            elif member == 99:
                for known, of in enum.items():
                    if known != "99" and of["caption"].lower() == str(caption).lower():
                        yield f"{path}/{sibling}", f"{caption!r} beside {name} 99, and is the caption of {known}"
        inner = schema["objects"].get(attribute.get("object_type"), {}).get("attributes", {})
        for at, part in enumerate(member if isinstance(member, list) else [member]):
            if isinstance(part, dict):
                here = f"{path}/{name}/{at}" if isinstance(member, list) else f"{path}/{name}"
                yield from captions(schema, inner, part, here)


def nulls(value, path):
    if value is None:
        yield path, "is null"
    elif isinstance(value, (dict, list)):
        for step, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nulls(part, f"{path}/{step}")


def pydantic():
    """The models of pydantic-ocsf, in the strict reading: a number is no text."""
    from ocsf.v1_7_0.events import Authentication
    from pydantic import ValidationError

    def faults_of(event):
        event = copy.deepcopy(event)
        # Its own captions for observables of one object's attribute ("User UID") are not those that
        # are published ("User Object: uid"), in 1.7.0 neither.
        for observable in event.get("observables") or []:
            if isinstance(observable, dict) and observable.get("type") == "User Object: uid":
                del observable["type"]
        try:
            Authentication.model_validate_json(json.dumps(event), strict=True)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                yield pointer(fault["loc"]), fault["msg"]

    return faults_of


VALIDATORS = {"ocsf-json-schema": published, "pydantic-ocsf": pydantic}

GOOD = {
    "activity_id": 1,
    "activity_name": "Logon",
    "category_uid": 3,
    "category_name": "Identity & Access Management",
    "class_uid": 3002,
    "class_name": "Authentication",
    "type_uid": 300201,
    "type_name": "Authentication: Logon",
    "severity_id": 1,
    "severity": "Informational",
    "time": 1767323045678,
    "metadata": {"version": "1.8.0", "product": {"name": "Acme ID"}, "profiles": ["host"]},
    "user": {"uid": "7", "type_id": 1, "type": "User"},
    "service": {"name": "Acme ID"},
    "src_endpoint": {"ip": "2001:db8::1", "location": {"city": "Ulm", "lat": 48.4, "long": 10.0}},
    "device": {"uid": "d", "type_id": 0, "type": "Unknown", "os": {"name": "X", "type_id": 99, "type": "X"}},
    "observables": [{"name": "user.uid", "type_id": 31, "type": "User Object: uid", "value": "7"}],
    "is_mfa": True,
    "auth_protocol_id": 99,
    "auth_protocol": "wsFederation",
    "auth_factors": [{"factor_type_id": 99, "factor_type": "Temporary access pass"}],
    "unmapped": {"signin": {"kinds": ["a", "b"]}},
}
ABSENT = object()
BOTH = ("ocsf-json-schema", "pydantic-ocsf")
FIRST, SECOND = BOTH[:1], BOTH[1:]

# Who must find it, where, and what is put there.
BROKEN = [
    (FIRST, "status", None),
    (FIRST, "unmapped/a", None),
    (FIRST, "unknown", 1),
    (FIRST, "user/unknown", 1),
    (BOTH, "time", "1767323045678"),
    (BOTH, "time", 1.5),
    (BOTH, "time", ABSENT),
    (BOTH, "is_mfa", "yes"),
    (BOTH, "user/uid", 7),
    (BOTH, "user", ABSENT),
    (FIRST, "user/uid", ABSENT),
    (FIRST, "user/email_addr", "ada"),
    (BOTH, "unmapped", "text"),
    (FIRST, "service", ABSENT),
    (FIRST, "metadata/version", "1.7.0"),
    (FIRST, "metadata/profiles", ABSENT),
    (FIRST, "metadata/profiles", ["host", "cloud"]),
    (FIRST, "metadata/profiles", ["host", "security_control"]),
    (FIRST, "risk_level_id", 3),
    (FIRST, "src_endpoint/ip", "nowhere"),
    (FIRST, "src_endpoint/ip", ABSENT),
    (FIRST, "src_endpoint/location", {"lat": 48.4, "long": 10.0}),
    (FIRST, "device/type_id", ABSENT),
    (FIRST, "device/os/name", ABSENT),
    (BOTH, "activity_id", 8),
    (BOTH, "activity_name", "Logoff"),
    (FIRST, "activity_name", ABSENT),
    (FIRST, "class_name", "Account Change"),
    (BOTH, "user/type", "Service"),
    (FIRST, "auth_protocol", "Radius"),
    (FIRST, "auth_factors/0/factor_type", "OTP"),
    (FIRST, "device/os/type", "ios"),
    (FIRST, "observables/0/type_id", 4),
    (BOTH, "observables/0", {"type_id": 4, "type": "IP Address", "value": "7"}),
    (SECOND, "type_uid", 300202),
    (BOTH, "class_uid", 3001),
]


def prove(faults_of, name):
    """Breaks a good event in each of these ways: one that is not found is a fault of the check."""
    wrong = [f"the good event: {path}: {reason}" for path, reason in faults_of(GOOD)]
    wrong += [
        f"{path} = {'absent' if value is ABSENT else json.dumps(value)} was not found"
        for who, path, value in BROKEN
        if name in who and not list(faults_of(broken(path, value)))
    ]
    for line in (b"", b"{", b'{"a":1,"a":2}', b'{"time":NaN}', b"[]", b"{}"):
        if not list(faults(faults_of, line)):
            wrong.append(f"the line {line} was not found")
    print("\n".join(wrong) or f"{name}: finds what it is there for")
    return 1 if wrong else 0


def broken(path, value):
    event = place = copy.deepcopy(GOOD)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        place = place[step]
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return event


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        sys.exit(str(error))
