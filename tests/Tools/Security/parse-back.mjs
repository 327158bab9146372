// Reads token payloads as a JavaScript client does: node parse-back.mjs FILE. FILE holds one payload a line, base64url.
// Prints every member, see Dump in Injection_reaches_no_parser.cs.
import { readFileSync } from 'node:fs';

const hex = text =>
    [...Array(text.length).keys()].map(at => text.charCodeAt(at).toString(16).padStart(4, '0')).join('');
const lines = [];

function dump(value, path) {
  if (typeof value === 'string') {
    lines.push(`${path}=${hex(value)}`);
  } else if (typeof value === 'number') {
    const bits = Buffer.alloc(8);
    bits.writeDoubleBE(value + 0);
    lines.push(`${path}#${bits.toString('hex')}`);
  } else if (typeof value === 'boolean') {
    lines.push(`${path}?${value}`);
  } else {
    for (const name of Object.getOwnPropertyNames(value)) {
      dump(Object.getOwnPropertyDescriptor(value, name).value, `${path}/${hex(name)}`);
    }
  }
}

for (const line of readFileSync(process.argv[2], 'utf8').split('\n').filter(line => line !== '')) {
  const payload = JSON.parse(Buffer.from(line, 'base64url').toString('utf8'));
  dump(payload, 'payload');
  dump(JSON.parse(payload.lwicontexts), 'context');
}
process.stdout.write(lines.join('\n') + '\n');
