// Holds every line of the NDJSON files that are named to the Elastic Common Schema. Prints the
// first faults, each with its line, and a count. Fails if there is one, or a file without events.
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { faults, version } from './faults.mjs';

const files = argv.slice(2);
const found = files.length === 0 ? ['no file'] : [];
let events = 0;
for (const file of files) {
  const before = events;
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line === '') continue;
    events += 1;
    found.push(...faultsOf(line).map((fault) => `${file}:${index + 1}: ${fault}`));
  }
  if (events === before) found.push(`${file}: no events`);
}
for (const fault of found.slice(0, 20)) console.log(fault);
console.log(`${events} events by ECS ${version}, ${found.length} faults`);
process.exitCode = found.length === 0 ? 0 : 1;

function faultsOf(line) {
  try {
    return faults(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError) return ['no JSON'];
    throw error;
  }
}
