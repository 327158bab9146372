// Power Pages server logic chatauth-token, in a Server of the tests.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';
import { parse } from 'acorn';
import { Page, answer, jwt } from './page.mjs';

const source = readFileSync(new URL('../../Solution/portal/server-logic/chatauth-token.js', import.meta.url), 'utf8');

const contact = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
const issued = { Token: 'a.b.c', ExpiresAt: '2027-01-15T08:15:00Z', KeyId: 'k', ContactId: contact };
const ok = (body) => ({
  StatusCode: 200, IsSuccessStatusCode: true, ReasonPhrase: 'OK', ServerError: false, Body: JSON.stringify(body),
});
const refused = (status, message) => ({
  StatusCode: status,
  IsSuccessStatusCode: false,
  Body: JSON.stringify({ error: { code: '0x80040265', message } }),
});

/** Runs one function of the file; gives its answer, the calls of the custom API and what was logged. */
function run({
  method = 'post',
  user = { contactid: contact },
  body = '',
  invoke = () => JSON.stringify(ok(issued)),
} = {}) {
  const calls = [];
  const log = [];
  const write = (text) => log.push(text);
  const InvokeCustomApi = (verb, url, payload) => {
    calls.push([verb, url, JSON.parse(payload)]);
    return invoke();
  };
  const Server = {
    User: user,
    Context: { Body: body },
    Logger: { Log: write, Warn: write, Error: write },
    Connector: { Dataverse: { InvokeCustomApi } },
  };
  const text = vm.runInNewContext(`${source}\n${method}()`, { Server });
  assert.equal(typeof text, 'string');
  return { answer: JSON.parse(text), calls, log };
}

// Microsoft's list (author-server-logic.md, Limitations); compared without regard to case, to be on the safe side.
const forbidden = [
  '__dirname', '__filename', 'import(', 'import from', 'eval(', 'Function(',
  'setTimeout(', 'setInterval(', 'setImmediate(', 'process.exit', 'process.kill', 'child_process',
  'fs.', 'require(', 'constructor.constructor', 'this.constructor', 'arguments.callee',
  'with(', 'delete', 'Object.getPrototypeOf', 'Object.setPrototypeOf', 'Proxy(', 'Reflect.',
  'Symbol.for', '__proto__', 'prototype', 'debugger',
];

test('the file passes the platform\'s text check, comments and strings included', () => {
  assert.deepEqual(forbidden.filter((word) => source.toLowerCase().includes(word.toLowerCase())), []);
});

test('the file is a script of functions, in the language that the platform runs', () => {
  const { body } = parse(source, { ecmaVersion: 2022, sourceType: 'script' });
  assert.ok(body.every(({ type }) => type === 'FunctionDeclaration'));
});

test('a signed-in visitor gets token and expiry, for the contact of the session', () => {
  const { answer: result, calls } = run();
  assert.deepEqual(result, { token: 'a.b.c', expiresAt: '2027-01-15T08:15:00Z' });
  assert.deepEqual(calls, [['post', 'chatauth_IssueChatToken', { ContactId: contact }]]);
});

test('the contact is found under every name the platform has used, in any spelling', () => {
  const spellings = [contact, `{${contact.toUpperCase()}}`, { toString: () => contact }];
  for (const user of [{ id: contact }, { Id: contact }, ...spellings.map((contactid) => ({ contactid }))]) {
    assert.equal(run({ user }).calls[0][2].ContactId, contact);
  }
});

test('an anonymous visitor gets 401, and the custom API is not called', () => {
  const nobody = ['', 'bert', '00000000-0000-0000-0000-000000000000'].map((contactid) => ({ contactid }));
  for (const user of [null, {}, ...nobody]) {
    const { answer: result, calls } = run({ user });
    assert.equal(result.status, 401);
    assert.match(result.message, /signed in/);
    assert.deepEqual(calls, []);
  }
});

test('every method but POST gets 405, and the custom API is not called', () => {
  for (const method of ['get', 'put', 'patch', 'del']) {
    const { answer: result, calls } = run({ method });
    assert.equal(result.status, 405);
    assert.deepEqual(calls, []);
  }
});

test('the body\'s context variables are passed on as JSON, and nothing else of it', () => {
  const contextVariables = { msdyn_cartvalue: 12.5, vip: true };
  const body = { contextVariables, ContactId: 'another', UserName: 'eve', contactid: 'another' };
  for (const form of [JSON.stringify(body), body]) {
    const [[, , payload]] = run({ body: form }).calls;
    assert.deepEqual(Object.keys(payload), ['ContactId', 'ContextVariables']);
    assert.equal(payload.ContactId, contact);
    assert.deepEqual(JSON.parse(payload.ContextVariables), body.contextVariables);
  }
});

test('no body, or one without context variables, is fine', () => {
  for (const body of ['', null, undefined, '{}', 'null']) {
    assert.deepEqual(run({ body }).calls[0][2], { ContactId: contact });
  }
});

test('a body that is not JSON gets 400', () => {
  const { answer: result, calls } = run({ body: '{"contextVariables":' });
  assert.equal(result.status, 400);
  assert.deepEqual(calls, []);
});

test('the connector may answer with an object instead of text, at both levels', () => {
  assert.equal(run({ invoke: () => ok(issued) }).answer.token, 'a.b.c');
  assert.equal(run({ invoke: () => ({ ...ok(issued), Body: issued }) }).answer.token, 'a.b.c');
});

test('without a step there is no Token, and the answer says so', () => {
  const empty = { StatusCode: 204, IsSuccessStatusCode: true, Body: '' };
  for (const response of [ok({}), ok({ Token: '' }), ok({ Token: null }), empty]) {
    assert.deepEqual(run({ invoke: () => response }).answer, { token: '', expiresAt: null });
  }
});

test('the product\'s own refusal comes with its status and code; what to do stays in the log', () => {
  const coded =
      'CHATAUTH1010: The visitor\'s contact is inactive. Activate the contact; Omnichannel links active records only.';
  const { answer: result, log } = run({ invoke: () => refused(403, coded) });
  assert.deepEqual(result, { status: 403, message: 'CHATAUTH1010: The site was refused a chat token.' });
  assert.deepEqual(log, [`chatauth_IssueChatToken failed, status 403: ${coded}`]);
});

test('any other refusal keeps its text; a 401 or 403 of the site\'s own user is not the visitor\'s', () => {
  const message = 'Principal user (Id=42) is missing prvReadContact';
  for (const [status, expected] of [[401, 424], [403, 424], [404, 404], [500, 500]]) {
    const { answer: result, log } = run({ invoke: () => refused(status, message) });
    assert.equal(result.status, expected);
    assert.doesNotMatch(JSON.stringify(result), /Principal/);
    assert.deepEqual(log, [`chatauth_IssueChatToken failed, status ${status}: no code of ChatAuth.`]);
  }
});

test('a connector that throws or answers nonsense gets 502, without its text', () => {
  const throws = () => { throw new Error('10.0.0.7'); };
  const htmlBody = JSON.stringify({ ...ok({}), Body: '<html>' });
  for (const invoke of [throws, () => null, () => '<html>', () => htmlBody]) {
    const { answer: result } = run({ invoke });
    assert.equal(result.status, 502);
    assert.doesNotMatch(JSON.stringify(result), /10\.0/);
  }
});

test('nothing that is logged names a token or a person', () => {
  const runs = [run(), run({ user: null }), run({ invoke: () => refused(403, 'CHATAUTH1008: No contact') })];
  const logs = runs.flatMap(({ log }) => log).join();
  assert.doesNotMatch(logs, /a\.b\.c|87b4d06c/);
});

test('chatauth.js understands every answer of this file, in both casings of the envelope', async () => {
  const token = jwt({ iat: 1_800_000_000, exp: 1_800_000_900 });
  const envelope = (data, camel) => (camel
    ? { requestId: 'r', success: true, data, error: null }
    : { RequestId: 'r', Success: true, Data: data, Error: null });
  const cases = [
    [{ invoke: () => ok({ ...issued, Token: token }) }, undefined],
    [{ user: null }, 'not-signed-in'],
    [{ method: 'get' }, 'not-configured'],
    [{ invoke: () => ok({}) }, 'not-configured'],
    [{ body: '{' }, 'refused'],
    [{ invoke: () => refused(403, 'CHATAUTH1010: The visitor\'s contact is inactive. Activate it.') }, 'refused'],
    [{ invoke: () => refused(403, 'CHATAUTH1002: The caller may not ask.') }, 'refused'],
    [{ invoke: () => refused(403, 'missing prvReadContact') }, 'refused'],
    [{ invoke: () => refused(500, 'CHATAUTH3001: No key.') }, 'not-configured'],
    [{ invoke: () => { throw new Error('x'); } }, 'network'],
  ];
  for (const [setUp, code] of cases) {
    for (const camel of [false, true]) {
      const page = new Page({ network: () => answer(envelope(JSON.stringify(run(setUp).answer), camel)) });
      const args = await page.get();
      assert.equal(page.errors[0]?.code, code);
      assert.equal(args[0], code ? null : token);
    }
  }
});

test('context variables of the page arrive at the custom API', async () => {
  let payload;
  const page = new Page({ network: ({ body }) => { [[, , payload]] = run({ body }).calls; return answer(''); } });
  page.window.chatauth.setContext({ msdyn_cartvalue: 12.5, note: 'ü' });
  await page.get();
  assert.deepEqual(JSON.parse(payload.ContextVariables), { msdyn_cartvalue: 12.5, note: 'ü' });
});
