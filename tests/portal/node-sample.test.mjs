// The Node sample: its rules before a Dataverse that says what a test wants, and one token out of a real deployment.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { mapChatAuth } from '../../samples/node/chatauth.mjs';
import { notBuilt, root, run, start } from './dotnet.mjs';

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
 */
async function portal(dataverse = () => [200, { Token: 'h.p.s' }], options = {}) {
  const calls = [];
  const environment = await listen(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    calls.push({ url: request.url, authorization: request.headers.authorization, body: JSON.parse(body) });
    const [status, answer] = dataverse(calls.length, request);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  const scopes = [];
  const credential = { getToken: async (scope) => { scopes.push(scope); return { token: 'application' }; } };
  const handler = mapChatAuth(
      {
          environment,
          credential,
          contactOf: () => contact,
          isGenuine: (request) => request.headers.__requestverificationtoken === 'genuine',
          ...options,
      });
  const url = await listen((request, response) => handler(request, response));
  const ask = (headers = {}, body = '{"contextVariables":{}}') => fetch(`${url}/token`, {
    method: 'POST', body,
    headers: { 'Sec-Fetch-Site': 'same-origin', __RequestVerificationToken: 'genuine', ...headers },
  });
  return { environment, url, calls, scopes, ask };
}

test('it asks as the application user for the contact of the session and answers the token as text, kept by nobody', async () => {
  const { ask, calls, scopes, environment } = await portal();
  const response = await ask({}, JSON.stringify({ contextVariables: { cart: '12' }, ContactId: 'another' }));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'h.p.s');
  assert.equal(response.headers.get('Cache-Control'), 'no-store');
  assert.equal(response.headers.get('Access-Control-Allow-Origin'), null);
  assert.deepEqual(scopes, [`${environment}/.default`]);
  assert.deepEqual(
      calls, [
          {
              url: '/api/data/v9.2/chatauth_IssueChatToken',
              authorization: 'Bearer application',
              body: { ContactId: contact, ContextVariables: '{"cart":"12"}' },
          }
      ]);
});

for (const [what, headers] of [
  ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a sister site', { 'Sec-Fetch-Site': 'same-site' }],
  ['a typed address', { 'Sec-Fetch-Site': 'none' }],
  ['a browser without Sec-Fetch-Site that names another origin', { 'Sec-Fetch-Site': '', Origin: 'https://evil.example' }],
  ['who does not say from where', { 'Sec-Fetch-Site': '' }],
  ['who lacks the anti-forgery token', { __RequestVerificationToken: 'forged' }],
]) {
  test(`it refuses ${what} and asks nobody`, async () => {
    const { ask, calls } = await portal();
    assert.equal((await ask(headers)).status, 400);
    assert.equal(calls.length, 0);
  });
}

test('an older browser that names this origin is served', async () => {
  const { ask, url } = await portal();
  assert.equal((await ask({ 'Sec-Fetch-Site': '', Origin: url })).status, 200);
});

test('it refuses anonymous visitors, other methods, long bodies and broken ones', async () => {
  const anonymous = await portal(undefined, { contactOf: () => undefined });
  assert.equal((await anonymous.ask()).status, 401);
  const { ask, url, calls } = await portal();
  assert.equal((await fetch(`${url}/token`)).status, 405);
  assert.equal((await ask({}, ' '.repeat(65_537))).status, 413);
  assert.equal((await ask({}, '{')).status, 400);
  assert.equal((await fetch(`${url}/else`)).status, 404);
  assert.equal(calls.length + anonymous.calls.length, 0);
});

test('a visitor may ask so many times a minute, and again a minute later', async () => {
  let time = 1_000_000;
  const { ask } = await portal(undefined, { perMinute: 2, now: () => time });
  assert.deepEqual([(await ask()).status, (await ask()).status, (await ask()).status], [200, 200, 429]);
  time += 60_001;
  assert.equal((await ask()).status, 200);
});

test('only ChatAuth\'s own messages reach the visitor', async () => {
  const inactive = 'CHATAUTH1010: The visitor\'s contact is inactive.';
  const coded = await portal(() => [403, { error: { message: inactive } }]);
  const refused = await coded.ask();
  assert.deepEqual([refused.status, (await refused.json()).message], [403, inactive]);
  const foreign =
      await (await portal(() => [403, { error: { message: 'Principal user Jane is missing prvReadContact' } }])).ask();
  assert.equal(foreign.status, 424);
  assert.doesNotMatch(await foreign.text(), /Jane/);
});

test('the keys are read once in five minutes, for all who ask at once, and kept by their ETag', async () => {
  let time = 0;
  const { url, calls } = await portal((call) => [200, { KeySet: `[${call}]` }], { now: () => time });
  const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${url}/publickey`)));
  assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), Array(5).fill('[1]'));
  assert.equal(answers[0].headers.get('Cache-Control'), 'public, max-age=300');
  assert.equal(
      (await fetch(`${url}/publickey`, { headers: { 'If-None-Match': answers[0].headers.get('ETag') } })).status, 304);
  assert.equal(calls.length, 1);
  time += 300_000;
  assert.equal(await (await fetch(`${url}/publickey`)).text(), '[2]');
});

test('while Dataverse fails the last keys are served, none lead to 503, and it is not asked for each visitor', async () => {
  let time = 0;
  const { url, calls } =
      await portal((call) => (call === 2 ? [503, {}] : [200, { KeySet: '[1]' }]), { now: () => time });
  await fetch(`${url}/publickey`);
  time += 300_000;
  assert.equal(await (await fetch(`${url}/publickey`)).text(), '[1]');
  const down = await portal(() => [503, {}], { now: () => 0 });
  assert.equal((await fetch(`${down.url}/publickey`)).status, 503);
  assert.equal((await fetch(`${down.url}/publickey`)).status, 503);
  assert.deepEqual([calls.length, down.calls.length], [2, 1]);
});

test('against a deployed ChatAuth its token verifies with its own keys', { skip: notBuilt('LocalDataverse') || notBuilt('chatauth') }, async () => {
  const { line, stop } = await start('LocalDataverse', '--port', '0');
  open.push(stop);
  const { url: environment, users } = JSON.parse(line);
  const folder = mkdtempSync(path.join(tmpdir(), 'chatauth-'));
  open.push(() => rmSync(folder, { recursive: true }));
  const settings = path.join(folder, 'chatauth.json');
  writeFileSync(settings, JSON.stringify({
    issuer: 'contosohelp.com', callers: { [users.portal.applicationId]: { contact: 'parameter' } },
    publish: [{ file: 'keys.json', format: 'keyset' }],
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
  const { url, ask } = await portal(undefined, { environment, credential, format: 'jwks' });
  const jwt = await (await ask()).text();
  const { payload } = await jwtVerify(
      jwt, createLocalJWKSet(await (await fetch(`${url}/publickey`)).json()), { issuer: 'contosohelp.com' });
  assert.deepEqual([payload.sub, payload.given_name], [contact, 'Bert']);
});
