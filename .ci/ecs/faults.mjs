// What is wrong with an event by the Elastic Common Schema as Elastic publishes it: by the list of
// fields of its package @elastic/ecs, which is generated from the schema of that version.
//
// Of each event: it says the version of the list; each field outside our own objects is in the list,
// has the list's type, is a list of values where the list says so and none where it does not, and
// has a value that is allowed there; required fields are there; event.type goes with
// event.category; objects are nested; nothing is null or empty.
//
// What it does not see: two members of one name (the last one is read), and whether a value means
// what the field is for.
import { isIP } from 'node:net';
import ecs from '@elastic/ecs';

export const version = ecs.EcsVersion;

const fields = new Map(Object.entries(ecs.EcsFlat));
// All that a field is below: `source.geo` of `source.geo.location`.
const objects = new Set();
for (const field of fields.keys()) {
  const parts = field.split('.');
  for (let length = 1; length < parts.length; length += 1) {
    objects.add(parts.slice(0, length).join('.'));
  }
}
const required = [...fields].filter(([, { required }]) => required).map(([field]) => field);

// Our own. An object that is named as the event's module is the vendor's: only its being an object is
// ours.
const own = 'signin';

const isText = (value) => typeof value === 'string' && value !== '';
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

// The forms in which Elasticsearch takes each type. A type that is not here is a fault wherever it
// is met: events use none of the others so far.
const types = {
  boolean: (value) => typeof value === 'boolean',
  date: isTime,
  float: isNumber,
  geo_point: (value) =>
    isObject(value) &&
    Object.keys(value).sort().join() === 'lat,lon' &&
    isNumber(value.lat) &&
    Math.abs(value.lat) <= 90 &&
    isNumber(value.lon) &&
    Math.abs(value.lon) <= 180,
  ip: (value) => isText(value) && isIP(value) !== 0,
  keyword: isText,
  long: Number.isSafeInteger,
  match_only_text: isText,
  wildcard: isText,
};

// RFC 3339 in UTC with three digits of a second or nine, of a day that there is.
function isTime(value) {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(\d{3}|\d{9})Z$/;
  if (!isText(value) || !form.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === value.slice(0, 19);
}

// What is wrong with an event, a line each.
export function faults(event) {
  const found = [];
  if (!isObject(event)) return ['it is no object'];
  for (const field of required) {
    if (at(event, field) === undefined) found.push(`${field}: required, and absent`);
  }
  const said = at(event, 'ecs.version');
  if (said !== version) found.push(`ecs.version: ${said}, and the list of fields is of ${version}`);
  const { [vendorsOwn(event)]: vendors, ...rest } = event;
  if (vendors !== undefined && !isObject(vendors)) found.push(`${vendorsOwn(event)}: no object`);
  object(rest, '', found);
  categories(event, found);
  return found;
}

// The name of the vendor's own object. No field set can be it.
function vendorsOwn(event) {
  const module = at(event, 'event.module');
  return objects.has(module) || fields.has(module) || module === own ? undefined : module;
}

function at(event, field) {
  return field.split('.').reduce((value, name) => value?.[name], event);
}

function object(value, path, found) {
  if (Object.keys(value).length === 0) found.push(`${path}: an empty object`);
  for (const [name, inner] of Object.entries(value)) {
    const field = path === '' ? name : `${path}.${name}`;
    if (path === '' && name === own) {
      if (!isObject(inner)) found.push(`${field}: no object`);
      else nothingEmpty(inner, field, found);
    } else if (name.includes('.')) {
      found.push(`${field}: a name with a dot in place of an object`);
    } else if (fields.has(field)) {
      member(inner, field, fields.get(field), found);
    } else if (!objects.has(field)) {
      found.push(`${field}: no such field`);
    } else if (isObject(inner)) {
      object(inner, field, found);
    } else {
      found.push(`${field}: no object`);
    }
  }
}

// A field's value, or its values where it is a list.
function member(value, field, list, found) {
  const isList = list.normalize.includes('array');
  if (isList !== Array.isArray(value)) {
    found.push(`${field}: ${isList ? 'no list' : 'a list'}`);
    return;
  }
  const values = isList ? value : [value];
  if (values.length === 0) found.push(`${field}: an empty list`);
  for (const one of values) {
    const text = JSON.stringify(one);
    const allowed = list.allowed_values?.map(({ name }) => name) ?? list.expected_values;
    if (!types[list.type]?.(one)) {
      found.push(`${field}: ${text} is no ${list.type}`);
    } else if (allowed !== undefined && !allowed.includes(one)) {
      found.push(`${field}: ${text} is not among ${allowed.join(', ')}`);
    } else if (list.pattern !== undefined && !new RegExp(`^(?:${list.pattern})$`).test(one)) {
      found.push(`${field}: ${text} is not like ${list.pattern}`);
    }
  }
}

// Each category has the types that are expected with it.
function categories(event, found) {
  for (const category of [at(event, 'event.category') ?? []].flat()) {
    const known = fields.get('event.category').allowed_values.find(({ name }) => name === category);
    for (const type of [at(event, 'event.type') ?? []].flat()) {
      if (known && !known.expected_event_types.includes(type)) {
        found.push(`event.type: ${type} is not expected with ${category}`);
      }
    }
  }
}

function nothingEmpty(value, path, found) {
  const isLeaf = typeof value !== 'object' || value === null;
  if (value === null || value === '' || (!isLeaf && Object.keys(value).length === 0)) {
    found.push(`${path}: ${JSON.stringify(value)} says nothing`);
  }
  if (isLeaf) return;
  for (const [name, inner] of Object.entries(value)) {
    // What has no namespace of its own is the vendor's.
    if (path !== own || name !== 'unmapped') nothingEmpty(inner, `${path}.${name}`, found);
  }
}
