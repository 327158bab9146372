// The Node sample: what portal-cases.test.mjs does not hold, and one token out of a real deployment.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { SignJWT, createLocalJWKSet, generateKeyPair, jwtVerify } from 'jose';
import { mapChatAuth } from '../../samples/node/chatauth.mjs';
import { notBuilt, root, run, start } from './dotnet.mjs';

const { windowAddresses } =
  JSON.parse(readFileSync(new URL('../vectors/portal-cases.json', import.meta.url), 'utf8'));
const contact = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
const open = [];
after(() => Promise.all(open.map((close) => close())));

const listen = async (handler) => {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await new Promise((ready) => server.on('listening', ready));
  open.push(() => server.closeAllConnections() ?? server.close());
  return `http://127.0.0.1:${server.address().port}`;
};

/**
 * A portal whose visitor is signed in, before a Dataverse that answers as told; gives what each of the two was asked.
 * next, given the response, makes what Express hands on.
 */
async function portal(dataverse = () => [200, { Token: 'h.p.s' }], options = {}, next = () => undefined) {
  const calls = [];
  const environment = await listen(async (request, response) => {
    request.resume();
    calls.push({ authorization: request.headers.authorization });
    const told = dataverse(calls.length, request, response);
    if (!told) return; // silence
    const [status, answer] = told;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  const scopes = [];
  const credential = { getToken: async (scope) => { scopes.push(scope); return { token: 'application' }; } };
  const handler = mapChatAuth({
    environment,
    credential,
    contactOf: () => contact,
    isGenuine: () => true,
    ...options,
  });
  const url = await listen((request, response) => handler(request, response, next(response)));
  const ask = () => fetch(`${url}/token`, { method: 'POST', headers: { 'Sec-Fetch-Site': 'same-origin' } });
  return { environment, url, calls, scopes, ask };
}

test('it asks as the application user of that environment', async () => {
  const { ask, calls, scopes, environment } = await portal();
  assert.equal((await ask()).status, 200);
  assert.deepEqual(scopes, [`${environment}/.default`]);
  assert.equal(calls[0].authorization, 'Bearer application');
});

test('a failure of the portal\'s own functions is the portal\'s: Express is told, otherwise it is 500', async () => {
  const failure = new Error('no session store');
  const contactOf = () => { throw failure; };
  const alone = await portal(undefined, { contactOf });
  assert.equal((await alone.ask()).status, 500);
  const told = [];
  const express = await portal(undefined, { contactOf }, (response) => (error) => {
    told.push(error);
    response.end();
  });
  await express.ask();
  assert.deepEqual(told, [failure]);
  assert.equal(alone.calls.length + express.calls.length, 0);
});

test('the log is told of a failure of the portal\'s own, and not of a request that is broken off', async () => {
  const lines = [];
  const failing = { contactOf: () => { throw new TypeError('no session store'); }, log: (line) => lines.push(line) };
  await (await portal(undefined, failing)).ask();
  assert.deepEqual(lines, ['POST token refused: a function of the portal\'s own failed (TypeError). '
    + 'Look at contactOf, isGenuine and antiforgeryToken.']);

  let ended;
  const end = new Promise((resolve) => { ended = resolve; });
  const isGenuine = (request) => {
    request.once('close', ended);
    return true;
  };
  const { url } = await portal(undefined, { isGenuine, log: (line) => lines.push(line) });
  const headers = { 'Sec-Fetch-Site': 'same-origin', 'Content-Length': 100 };
  const request = http.request(`${url}/token`, { method: 'POST', headers });
  request.on('error', () => undefined).write('{}');
  setTimeout(() => request.destroy(), 100);
  await end;
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  assert.equal(lines.length, 1, lines[1]);
});

test('LivePerson\'s window has an https address without user name and fragment, or one of this machine', () => {
  const map = (uri) => mapChatAuth({
    environment: 'https://contoso.crm.dynamics.com', credential: {}, contactOf() {}, isGenuine() {},
    externalWindow: { redirectUris: ['https://lp.example/window', uri] },
  });
  const options = { environment: 'https://x', credential: {}, contactOf() {}, isGenuine() {} };
  for (const redirectUris of [undefined, 'https://lp.example/window']) {
    assert.throws(() => mapChatAuth({ ...options, externalWindow: { redirectUris } }), /redirectUris/);
  }
  for (const uri of windowAddresses.bad) assert.throws(() => map(uri), /redirectUris/, uri);
  for (const uri of [...windowAddresses.good, 'http://127.0.0.1:5080/window']) assert.ok(map(uri), uri);
});

test('a native app gets its own user\'s token: the portal verifies what the identity provider has signed', async () => {
  const issuer = 'https://identity.example';
  const audience = 'api://portal';
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const foreign = await generateKeyPair('RS256');
  const contactOfApp = async (bearer) => {
    const { payload } = await jwtVerify(bearer, publicKey, { issuer, audience, algorithms: ['RS256'] });
    return payload.contactid;
  };
  const logged = [];
  const { url, calls } = await portal(undefined, { contactOfApp, log: (line) => logged.push(line) });
  const sign = (claims, key = privateKey) => new SignJWT({ iss: issuer, aud: audience, contactid: contact, ...claims })
      .setProtectedHeader({ alg: 'RS256' }).setExpirationTime(claims.until ?? '1h').sign(key);
  const ask = async (bearer) => fetch(`${url}/app-token`, {
    method: 'POST', headers: { Cookie: 'session=somebody', ...bearer && { Authorization: `Bearer ${bearer}` } },
  });
  assert.equal(await (await ask(await sign({}))).text(), 'h.p.s');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign({})).split('.')[1]}.`;
  for (const [bearer, reason] of [
    [undefined, 'no access token came.'], [unsigned, 'the access token\'s algorithm '],
    [await sign({}, foreign.privateKey), 'the access token\'s signature '],
    [await sign({ iss: 'https://other.example' }), 'the access token\'s issuer '],
    [await sign({ aud: 'api://other' }), 'the access token\'s audience '],
    [await sign({ until: '-1h' }), 'the access token\'s lifetime '],
    ['opaque', 'the access token\'s form '],
    [await sign({ contactid: undefined }), 'the check of the access token gives no contact.'],
  ]) {
    assert.equal((await ask(bearer)).status, 401);
    const line = logged.splice(0).join('\n');
    assert.ok(line.startsWith(`POST app-token refused: ${reason}`), line);
  }
  assert.equal(calls.length, 1);
});

test('what is to be the contact\'s id and is no GUID is refused before the call, by every route', async () => {
  const logged = [];
  const redirectUri = 'https://lp.example/';
  for (const given of ['bert', contact.slice(1), `${contact}\n`, 'bert@contoso.com', 7]) {
    const { url, calls, ask } = await portal(undefined, {
      contactOf: () => given, externalWindow: { redirectUris: [redirectUri] }, log: (line) => logged.push(line),
    });
    assert.deepEqual(await (await ask()).json(), { status: 424, message: 'The site was refused a chat token.' });
    const window = await fetch(
        `${url}/authorize?response_type=token&redirect_uri=${redirectUri}`, { redirect: 'manual' });
    assert.equal(window.headers.get('Location'), `${redirectUri}#error=server_error`);
    assert.equal(calls.length, 0);
    const said = 'refused: what is to be the contact\'s id is no GUID: what the option contactOf gives. '
      + 'Let it give the id of the visitor\'s contact.';
    assert.deepEqual(logged.splice(0), [`POST token ${said}`, `GET authorize ${said}`]);
  }
});

test('what a library throws is told by its code or name, whatever stands in its text', async () => {
  const logged = [];
  for (const [failure, kind] of [
    [new TypeError('secret', { cause: { code: 'ESRCH' } }), 'ESRCH'],
    [Object.assign(new Error('secret'), { code: 'ERR_JWKS_MULTIPLE' }), 'ERR_JWKS_MULTIPLE'],
    [Object.assign(new Error('secret'), { name: 'a\nb' }), 'Error'], ['secret', 'Error'], [undefined, 'Error'],
  ]) {
    const contactOfApp = async () => { throw failure; };
    const { url } = await portal(undefined, { contactOfApp, log: (line) => logged.push(line) });
    await fetch(`${url}/app-token`, { method: 'POST', headers: { Authorization: 'Bearer x' } });
    assert.deepEqual(logged.splice(0), [`POST app-token refused: the access token could not be checked (${kind}). `
      + 'Look at the portal\'s check of it.']);
  }
});

test('an access token goes over https without user name, or to this machine', () => {
  const map = (environment) => mapChatAuth({ environment, credential: {}, contactOf() {}, isGenuine() {} });
  for (const environment of [
    'http://contoso.crm.dynamics.com', 'http://localhost.evil.example', 'http://127.evil.example', 'http://10.0.0.1',
    'http://user@127.0.0.1', 'https://user:secret@contoso.crm.dynamics.com', 'ftp://contoso.crm.dynamics.com',
    'file:///etc/passwd', 'contoso.crm.dynamics.com', '', undefined,
  ]) {
    assert.throws(() => map(environment), (error) => /environment/.test(error.message)
      && !error.message.includes('secret'), String(environment));
  }
  for (const environment of [
    'https://contoso.crm.dynamics.com', 'https://contoso.crm.dynamics.com/main.aspx?x=1', 'http://127.0.0.1:5000',
    'http://[::1]:5000', 'http://localhost', 'HTTPS://CONTOSO.CRM.DYNAMICS.COM',
  ]) {
    assert.equal(typeof map(environment), 'function', environment);
  }
});

test('a time of day that is set makes nothing last longer', async () => {
  const { now } = Date;
  let ahead = 0;
  Date.now = () => now() + ahead;
  try {
    const { url, calls } = await portal(() => [200, { KeySet: '[]' }]);
    for (ahead of [0, 86_400_000, -86_400_000]) assert.equal((await fetch(`${url}/publickey`)).status, 200);
    assert.equal(calls.length, 1);
  } finally {
    Date.now = now;
  }
});

test('an option that is missing, or none that it knows, is named when the portal starts', () => {
  const options = { environment: 'https://x', credential: {}, contactOf() {}, isGenuine() {} };
  for (const [name, wrong] of [
    ['credential', { credential: undefined }], ['credential', { credential: undefined, credentials: [] }],
    ['credential', { credential: undefined, credentials: [{}, undefined] }], ['contactOf', { contactOf: undefined }],
    ['isGenuine', { isGenuine: undefined }], ['format', { format: 'PEM' }], ['environment', { environment: undefined }],
  ]) assert.throws(() => mapChatAuth({ ...options, ...wrong }), new RegExp(`The option ${name} of mapChatAuth`));
});

test('it signs in as one user or as several', () => {
  const options = { environment: 'https://x', credential: {}, credentials: [{}], contactOf() {}, isGenuine() {} };
  assert.throws(() => mapChatAuth(options), /credential and credentials/);
});

test('it is held to no web server by a cookie', async () => {
  const cookies = [];
  const { ask } = await portal((call, request, response) => {
    cookies.push(request.headers.cookie);
    response.setHeader('Set-Cookie', 'ARRAffinity=1');
    return [200, { Token: 'h.p.s' }];
  });
  await ask();
  await ask();
  assert.deepEqual(cookies, [undefined, undefined]);
});

test('it gives a visitor up in time, whatever takes so long', async () => {
  const slow = { getToken: () => new Promise((done) => setTimeout(done, 5_000, { token: 'slow' }).unref()) };
  const { ask } = await portal(() => null, { credential: undefined, credentials: [slow, slow] });
  const start = Date.now();
  assert.equal((await ask()).status, 504);
  assert.ok(Date.now() - start < 9_000);
});

test('a user has as many calls under way as Dataverse lets it have, and the next visitor is told at once', async () => {
  const waiting = [];
  const log = [];
  const { ask } = await portal((call, request, response) => {
    waiting.push(response);
    return null;
  }, { perMinute: 100, log: (line) => log.push(line) });
  const asked = Array.from({ length: 52 }, ask);
  while (waiting.length < 52) await new Promise((later) => setTimeout(later, 10));
  const next = await ask();
  assert.deepEqual([next.status, next.headers.get('Retry-After'), waiting.length], [429, '1', 52]);
  waiting.forEach((response) => response.writeHead(200).end('{"Token":"h.p.s"}'));
  assert.deepEqual([...new Set((await Promise.all(asked)).map(({ status }) => status))], [200]);
  assert.deepEqual(log, []);
});

test('what is not its own is left to the portal', async () => {
  const next = (response) => () => response.end('a page of the portal');
  const { url } = await portal(undefined, {}, next);
  assert.equal(await (await fetch(`${url}/else`)).text(), 'a page of the portal');
});

test('without antiforgeryToken there is no such route: it is left to the portal', async () => {
  const { url } = await portal();
  assert.equal((await fetch(`${url}/antiforgery`, { headers: { 'Sec-Fetch-Site': 'same-origin' } })).status, 404);
});

test('antiforgeryToken may set a cookie and take its time', async () => {
  const antiforgeryToken = async (request, response) => {
    response.setHeader('Set-Cookie', 'csrf=1; HttpOnly');
    return 'fresh';
  };
  const { url, calls } = await portal(undefined, { antiforgeryToken });
  const answer = await fetch(`${url}/antiforgery`, { headers: { 'Sec-Fetch-Site': 'same-origin' } });
  assert.deepEqual([await answer.text(), answer.headers.get('Set-Cookie')], ['fresh', 'csrf=1; HttpOnly']);
  assert.equal(calls.length, 0);
});

test('a visitor may ask so many times a minute, and again a minute later', async () => {
  let time = 1_000_000;
  const { ask } = await portal(undefined, { perMinute: 2, now: () => time });
  assert.deepEqual([(await ask()).status, (await ask()).status, (await ask()).status], [200, 200, 429]);
  time += 60_001;
  assert.equal((await ask()).status, 200);
});

test('all who ask for the keys at once share one question', async () => {
  const { url, calls } = await portal((call) => [200, { KeySet: `[${call}]` }]);
  const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${url}/publickey`)));
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), Array(5).fill('[1]'));
  assert.equal(calls.length, 1);
});

test('while Dataverse fails the last keys are served, and it is not asked for each visitor', async () => {
  let time = 0;
  const answers = (call) => (call === 2 ? [503, {}] : [200, { KeySet: '[1]' }]);
  const { url, calls } = await portal(answers, { now: () => time });
  await fetch(`${url}/publickey`);
  time += 300_000;
  assert.equal(await (await fetch(`${url}/publickey`)).text(), '[1]');
  const down = await portal(() => [503, {}], { now: () => 0 });
  assert.equal((await fetch(`${down.url}/publickey`)).status, 503);
  assert.equal((await fetch(`${down.url}/publickey`)).status, 503);
  assert.deepEqual([calls.length, down.calls.length], [2, 1]);
});

test('nobody waits behind a question that failed the last time', async () => {
  let time = 0;
  let isSilent = false;
  const { url, calls } = await portal(() => (isSilent ? null : [503, {}]), { now: () => time });
  assert.equal((await fetch(`${url}/publickey`)).status, 503);
  [isSilent, time] = [true, 5_000];
  const first = fetch(`${url}/publickey`);
  while (calls.length < 2) await new Promise((later) => setTimeout(later, 10));
  const start = Date.now();
  const others = await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/publickey`)));
  assert.ok(Date.now() - start < 2_000);
  assert.deepEqual([...new Set(others.map(({ status }) => status))], [503]);
  assert.equal((await first).status, 503);
  assert.equal(calls.length, 2);
});

// How many of CHATAUTH_FLOOD anonymous GETs (2,000 unless it says otherwise) reach Dataverse, by the true clock.
const flood = Number(process.env.CHATAUTH_FLOOD ?? 2_000);
const coded = { error: { message: 'CHATAUTH3003: The keys are those of another organization.' } };
const failures = {
  401: [401, {}], 429: [429, {}], 503: [503, {}], 'a code': [400, coded], null: [200, { KeySet: null }],
  silence: null, '[]': [200, { KeySet: '[]', Jwks: '{"keys":[]}' }],
};
for (const [name, told] of Object.entries(failures)) {
  test(`a flood of anonymous visitors reaches Dataverse once in five seconds: ${name}`, async (context) => {
    const { url, calls } = await portal(() => told);
    const start = Date.now();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
    const statuses = new Map();
    const ask = (path) => new Promise((done, fail) => http.get(`${url}${path}`, { agent }, (response) => {
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
      response.resume().on('end', done);
    }).on('error', fail));
    let left = flood;
    const visitor = async () => { while (left-- > 0) await ask(left % 2 ? '/publickey' : '/jwks'); };
    await Promise.all(Array.from({ length: 64 }, visitor));
    agent.destroy();
    const seconds = (Date.now() - start) / 1_000;
    context.diagnostic(`${name}: ${flood} GETs in ${seconds.toFixed(1)} s, ${calls.length} calls of Dataverse, `
        + [...statuses].map(([status, count]) => `${count} times ${status}`).join(', '));
    assert.ok(calls.length >= 1 && calls.length <= 1 + seconds / 5, `${calls.length} calls`);
  });
}

const skip = notBuilt('LocalDataverse') || notBuilt('chatauth');

test('against a deployed ChatAuth its token verifies with its own keys', { skip }, async () => {
  const { line, stop } = await start('LocalDataverse', '--port', '0');
  open.push(stop);
  const { url: environment, users } = JSON.parse(line);
  const folder = mkdtempSync(path.join(tmpdir(), 'chatauth-'));
  open.push(() => rmSync(folder, { recursive: true }));
  const settings = path.join(folder, 'chatauth.json');
  writeFileSync(settings, JSON.stringify({
    issuer: 'contosohelp.com', callers: { [users.portal.applicationId]: { contact: 'parameter' } },
    publish: [{ file: 'keys.json', format: 'keyset', local: true }],
  }));
  await fetch(`${environment}/api/data/v9.2/contacts`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${users.administrator.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ contactid: contact, firstname: 'Bert' }),
  });
  await promisify(execFile)('dotnet', run('chatauth', 'deploy', '--settings', settings, '--url', environment), {
    cwd: root, env: { ...process.env, CHATAUTH_ACCESS_TOKEN: users.administrator.token },
  });
  const credential = { getToken: async () => ({ token: users.portal.token }) };
  const { url, ask } = await portal(undefined, { environment, credential });
  const jwt = await (await ask()).text();
  const keys = createLocalJWKSet(await (await fetch(`${url}/jwks`)).json());
  const { payload } = await jwtVerify(jwt, keys, { issuer: 'contosohelp.com' });
  assert.deepEqual([payload.sub, payload.given_name], [contact, 'Bert']);
});
