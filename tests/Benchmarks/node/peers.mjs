// Ratios of Node's token libraries to one bare signature, same payload, interleaved: node peers.mjs KEY.pem
// PAYLOAD.json SECONDS [MODULES]
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [keyFile, payloadFile, seconds, modules] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const pem = readFileSync(keyFile, 'utf8');
const payload = JSON.parse(readFileSync(payloadFile, 'utf8'));
const kid = 'qWO4EaKT1xRO7JC_oqALz6DCVr41B_qL0Hqp4in7hu4';
const key = createPrivateKey(pem);
const input = Buffer.alloc(720, 'a');

const jsonwebtoken = require('jsonwebtoken');
const { createSigner } = require('fast-jwt');
const { SignJWT } = await import(pathToFileURL(require.resolve('jose')));
const fast = createSigner({ key: pem, algorithm: 'RS256', kid, noTimestamp: true });
const header = { alg: 'RS256', typ: 'JWT', kid };
const candidates = {
  bare: () => sign('sha256', input, key),
  'fast-jwt': () => fast(payload),
  jsonwebtoken: () => jsonwebtoken.sign(payload, key, { algorithm: 'RS256', header, noTimestamp: true }),
  jose: () => new SignJWT(payload).setProtectedHeader(header).sign(key),
};

const names = Object.keys(candidates);
const ratios = Object.fromEntries(names.map((name) => [name, []]));
const end = performance.now() + 1000 * Number(seconds);
for (let round = 0; performance.now() < end || round < 5; round++) {
  const times = {};
  for (const name of round % 2 ? [...names].reverse() : names) {
    const started = performance.now();
    for (let i = 0; i < 10; i++) await candidates[name]();
    times[name] = performance.now() - started;
  }
  for (const name of names) ratios[name].push(times[name] / times.bare);
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
process.stdout.write(JSON.stringify(Object.fromEntries(names.map((name) => [name, median(ratios[name])]))));
