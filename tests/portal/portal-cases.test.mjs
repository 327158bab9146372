// The Node sample answers each case of the table that the samples share: tests/vectors/portal-cases.json says what
// stands in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { describe, test } from 'node:test';
import { errors } from 'jose';
import { mapChatAuth } from '../../samples/node/chatauth.mjs';

const table = JSON.parse(readFileSync(new URL('../vectors/portal-cases.json', import.meta.url), 'utf8'));

async function listen(handler) {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await new Promise((ready) => server.on('listening', ready));
  const close = () => { server.close(); server.closeAllConnections(); };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}

/** A Dataverse that answers as told, all or one user; gives { origin, close, calls }. */
async function dataverseStandIn(toldUsers) {
  const calls = [];
  let told = null;
  const server = await listen(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const api = request.url.split('/').at(-1);
    const by = request.headers.authorization.split(' ')[1];
    calls.push({ api, parameters: JSON.parse(text), by });
    const { status, headers, body, text: raw, silent, dropped } = toldUsers[by] ?? told ?? table.dataverse[api];
    if (dropped) request.socket.destroy();
    else if (!silent) response.writeHead(status, headers).end(raw ?? JSON.stringify(body));
  });
  return { ...server, calls, tell: (answer) => { told = answer; } };
}

/** A session's anti-forgery token; as in many portals, signing in makes it another one. */
const genuine = (visitor) => `genuine-${visitor}`;

/** The identity provider of the apps, as jose verifies: an error for what is not valid. */
const josesErrors = {
  signature: () => new errors.JWSSignatureVerificationFailed(),
  issuer: () => new errors.JWTClaimValidationFailed('unexpected "iss" claim value', {}, 'iss', 'check_failed'),
  audience: () => new errors.JWTClaimValidationFailed('unexpected "aud" claim value', {}, 'aud', 'check_failed'),
  expired: () => new errors.JWTExpired('"exp" claim timestamp check failed', {}, 'exp', 'check_failed'),
  'not-yet': () => new errors.JWTClaimValidationFailed('"nbf" claim timestamp check failed', {}, 'nbf', 'check_failed'),
  algorithm: () => new errors.JOSEAlgNotAllowed('"alg" (Algorithm) Header Parameter value not allowed'),
  form: () => new errors.JWSInvalid('Invalid Compact JWS'),
  unreadable: () => new errors.JOSENotSupported('Extension Header Parameter "x" is not recognized'),
  unreachable: () => new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
  'without-keys': () => new errors.JOSEError('Expected 200 OK from the JSON Web Key Set HTTP response'),
};

function contactOfApp(bearer) {
  if (bearer === 'nobody-known') return undefined;
  if (bearer.startsWith('of-')) return bearer.slice('of-'.length);
  throw josesErrors[bearer]?.() ?? new Error(`no session store for ${bearer}`);
}

const long = (text) => text?.replace(/\{state:(\d+)\}/, (_, length) => 's'.repeat(length));

let timeOfDay = 0;
const dateNow = Date.now;
Date.now = () => dateNow() + timeOfDay;

/** Opens a portal, asks as the exchanges say, and compares. */
async function play({ portal: { users = ['application'], apps, ...options } = {}, exchanges }) {
  let time = 1_000_000;
  const toldUsers = {};
  const logged = [];
  const dataverse = await dataverseStandIn(toldUsers);
  const signIn = (user) => async () => {
    if (toldUsers[user]?.signIn) throw new Error(toldUsers[user].signIn);
    return { token: user };
  };
  const handler = mapChatAuth({
    environment: dataverse.origin,
    credentials: users.map((user) => ({ getToken: signIn(user) })),
    log: (line) => logged.push(line),
    contactOf: ({ headers: { 'test-contact': visitor } }) => (visitor === 'without-contact' ? null : visitor),
    isGenuine: (request) => request.headers.__requestverificationtoken === genuine(request.headers['test-contact']),
    antiforgeryToken: (request) => genuine(request.headers['test-contact']),
    contactOfApp: apps && contactOfApp,
    now: () => time,
    ...options,
  });
  // At /auth, as by app.use of Express.
  const portal = await listen((request, response) => {
    request.originalUrl = request.headers['test-target'] ?? `/auth${request.url}`;
    return handler(request, response);
  });
  try {
    let etag, served;
    for (const [index, exchange] of exchanges.entries()) {
      const seconds = exchange.after ?? 0;
      time += Math.max(0, seconds) * 1_000;
      timeOfDay += seconds * 1_000;
      if (exchange.dataverse) dataverse.tell(exchange.dataverse);
      Object.assign(toldUsers, exchange.users);
      logged.length = 0;
      const before = dataverse.calls.length;
      const response = await ask(portal.origin, exchange.request, etag, served);
      etag = response.headers.get('ETag') ?? etag;
      served = await response.clone().text();
      await compare(response, exchange.answer, `exchange ${index + 1}`);
      assert.equal(dataverse.calls.length - before, exchange.calls, `calls of exchange ${index + 1}`);
      for (const [what, expected] of Object.entries(exchange.asked ?? {})) {
        assert.deepEqual(dataverse.calls.at(-1)[what], expected, `${what} of exchange ${index + 1}`);
      }
      if (exchange.log) compareLog(logged, exchange.log);
    }
  } finally {
    portal.close();
    dataverse.close();
  }
}

function ask(origin, request, etag, served) {
  const { path, method, headers, visitor, antiforgery, text, repeat = 1, target } =
      { ...table.requests[request.path.split('?')[0]], ...request };
  const sent = Object.fromEntries(Object.entries(headers ?? {}).map(
      ([name, value]) => [name, value.replace('{origin}', origin).replace('{etag}', etag)]));
  if (visitor) sent['Test-Contact'] = visitor;
  if (target) sent['Test-Target'] = target; // whatever lies before the handler takes as its prefix
  const tokens = { own: genuine(visitor), served };
  if (antiforgery) sent.__RequestVerificationToken = tokens[antiforgery] ?? antiforgery;
  const body = ['GET', 'HEAD'].includes(method) ? undefined : text?.repeat(repeat);
  const query = target?.slice(target.indexOf('?')) ?? '';
  return fetch(`${origin}${long(path)}${query}`, { method, headers: sent, body, redirect: 'manual' });
}

async function compare(response, { status, headers = {}, text, refusal, closed, nowhere }, where) {
  const body = await response.text();
  if (nowhere) {
    assert.deepEqual([response.status >= 400, response.headers.get('Location')], [true, null], where);
    return;
  }
  assert.equal(response.status, status, `status of ${where}: ${body}`);
  const refused = refusal ? { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' } : {};
  const every = [404, 405].includes(status) ? {} : table.every;
  for (const [name, expected] of Object.entries({ ...every, ...refused, ...closed && table.closed, ...headers })) {
    const value = response.headers.get(name);
    const actual = name === 'Content-Type' ? value?.split(';')[0] : value;
    if (expected === '*') assert.ok(actual, `${name} of ${where}`);
    else assert.equal(actual, expected && long(expected), `${name} of ${where}`);
  }
  if (refusal) assert.deepEqual(JSON.parse(body), { status, message: refusal }, where);
  if (text !== undefined) assert.equal(body, text, where);
}

/** A * at the end of a line is any ending. */
function compareLog(lines, expected) {
  assert.equal(lines.length, expected.length, lines.join('\n'));
  for (const [index, wanted] of expected.entries()) {
    if (wanted.endsWith('*')) assert.ok(lines[index].startsWith(wanted.slice(0, -1)), lines[index]);
    else assert.equal(lines[index], wanted);
  }
}

describe('the Node sample', { concurrency: true }, () => {
  for (const one of [...table.cases, ...table.severalUsers, ...table.windows, ...table.apps]) {
    test(one.name, () => play(one));
  }
});
