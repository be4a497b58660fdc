// That the check finds what is wrong: each event here is right but for one thing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { faults } from './faults.mjs';

const right = () => ({
  '@timestamp': '2026-01-02T03:04:05.000Z',
  ecs: { version: '9.4.0' },
  event: {
    kind: 'event',
    category: ['authentication'],
    type: ['start'],
    outcome: 'success',
    module: 'entra',
  },
  user: { id: '7', name: 'ada@example.com' },
  source: {
    ip: '2001:db8::1',
    port: 443,
    geo: { location: { lat: 48.4, lon: -10 } },
    as: { number: 64496 },
  },
  related: { ip: ['2001:db8::1'], user: ['7'] },
  signin: { outcome: 'success', mfa: false, unmapped: { a: '' } },
  entra: { 'a.b': null },
});

test('an event that is right has no faults', () => {
  assert.deepEqual(faults(right()), []);
});

const wrong = {
  'a field that is not in the list': ['user.nick', (e) => (e.user.nick = 'x')],
  'an object of another module': ['entra', (e) => (e.event.module = 'tines')],
  'a module of the name of a field set': ['entra', (e) => (e.event.module = 'user')],
  'a field set that is not in the list': ['azure', (e) => (e.azure = { signinlogs: 'x' })],
  'a dotted name': ['user.email', (e) => (e['user.email'] = 'ada@example.com')],
  'a dotted name below': ['source.geo.city_name', (e) => (e.source['geo.city_name'] = 'Ulm')],
  'a null': ['user.email', (e) => (e.user.email = null)],
  'an empty text': ['user.email', (e) => (e.user.email = '')],
  'an empty object': ['host', (e) => (e.host = {})],
  'a text for an object': ['host', (e) => (e.host = 'x')],
  'an object for a keyword': ['user.email', (e) => (e.user.email = { a: 'b' })],
  'a number for a keyword': ['user.id', (e) => (e.user.id = 7)],
  'a list where there is one value': ['user.id', (e) => (e.user.id = ['7'])],
  'one value where there is a list': ['related.user', (e) => (e.related.user = '7')],
  'an empty list': ['related.user', (e) => (e.related.user = [])],
  'a text for a long': ['source.port', (e) => (e.source.port = '443')],
  'a fraction for a long': ['source.as.number', (e) => (e.source.as.number = 1.5)],
  'no address': ['source.ip', (e) => (e.source.ip = '192.0.2.1:443')],
  'no address in a list': ['related.ip', (e) => (e.related.ip = ['localhost'])],
  'a point off the earth': ['source.geo.location', (e) => (e.source.geo.location.lat = 91)],
  'a point without a side': ['source.geo.location', (e) => delete e.source.geo.location.lon],
  'a time in another zone': ['@timestamp', (e) => (e['@timestamp'] = '2026-01-02T03:04:05.000+01:00')],
  'a time without milliseconds': ['@timestamp', (e) => (e['@timestamp'] = '2026-01-02T03:04:05Z')],
  'a time in seconds': ['@timestamp', (e) => (e['@timestamp'] = 1767323045)],
  'a day that there is not': ['@timestamp', (e) => (e['@timestamp'] = '2026-02-30T03:04:05.000Z')],
  'no time': ['@timestamp', (e) => delete e['@timestamp']],
  'no version': ['ecs.version', (e) => delete e.ecs],
  'another version': ['ecs.version', (e) => (e.ecs.version = '8.11.0')],
  'a kind that is not allowed': ['event.kind', (e) => (e.event.kind = 'log')],
  'an outcome that is not allowed': ['event.outcome', (e) => (e.event.outcome = 'interrupted')],
  'a category that is not allowed': ['event.category', (e) => (e.event.category = ['logon'])],
  'a type that is not allowed': ['event.type', (e) => (e.event.type = ['started'])],
  'a type of another category': ['event.type', (e) => (e.event.type = ['access'])],
  'a value that is not expected': ['host.os.type', (e) => (e.host = { os: { type: 'Windows' } })],
  'a value that is not like the pattern': ['host.mac', (e) => (e.host = { mac: ['0:1:2'] })],
  'a type that the check does not know': ['labels', (e) => (e.labels = { a: 'b' })],
  'our own as a text': ['signin', (e) => (e.signin = 'x')],
  'a null of our own': ['signin.mfa', (e) => (e.signin.mfa = null)],
  'an empty list of our own': ['signin.factors', (e) => (e.signin.factors = [])],
  "a vendor's own as a list": ['entra', (e) => (e.entra = [])],
};

for (const [name, [field, change]] of Object.entries(wrong)) {
  test(`${name} is found`, () => {
    const event = right();
    change(event);
    const found = faults(event);
    assert.ok(found.length > 0, 'nothing was found');
    for (const fault of found) assert.equal(fault.split(': ')[0], field, fault);
  });
}

// The program over a file of these lines: its exit code, and what it prints.
function check(lines) {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-'));
  try {
    const file = join(folder, 'events');
    writeFileSync(file, lines.join('\n'));
    const program = fileURLToPath(new URL('check.mjs', import.meta.url));
    const { status, stdout } = spawnSync(execPath, [program, file], { encoding: 'utf8' });
    return { status, lines: stdout.replaceAll(file, 'events').trim().split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('every line is checked, and one fault fails them all', () => {
  const event = JSON.stringify(right());
  const good = check([event, '', event, '']);
  assert.deepEqual(good, { status: 0, lines: ['2 events by ECS 9.4.0, 0 faults'] });
  const bad = check([event, '', '{"a":', '[]', event]);
  assert.deepEqual(bad, {
    status: 1,
    lines: ['events:3: no JSON', 'events:4: it is no object', '4 events by ECS 9.4.0, 2 faults'],
  });
});

test('a file without events fails', () => {
  assert.deepEqual(check(['', '']), {
    status: 1,
    lines: ['events: no events', '0 events by ECS 9.4.0, 1 faults'],
  });
});
