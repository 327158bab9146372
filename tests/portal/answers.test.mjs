// What the token URL may answer, and what each failure is called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, jwt, settle } from './page.mjs';

const given = async (body, options, page = new Page({ network: () => answer(body, options) })) => {
  const args = await page.get();
  return { args, code: page.errors[0]?.code, message: args[1], page };
};

const token = new Page().issue();
const envelopes = {
  'the JWT as text': token,
  'the JWT as text between white space': `\r\n ${token}\n`,
  'the JWT as a JSON string': JSON.stringify(token),
  'JSON with token and expiresAt': { token, expiresAt: '2027-01-15T08:15:00Z' },
  'JSON as the custom API gives it': { Token: token, ExpiresAt: '2027-01-15T08:15:00Z', KeyId: 'k' },
  'the server-logic envelope, Data a string of JSON': {
    RequestId: 'r', Success: true, Data: JSON.stringify({ token, expiresAt: 'x' }), Error: null,
  },
  'the envelope in camelCase, data a string of JSON': {
    requestId: 'r', success: true, data: JSON.stringify({ token, expiresAt: 'x' }), error: null,
  },
  'the envelope, Data an object': { RequestId: 'r', Success: true, Data: { token }, Error: null },
  'the envelope in camelCase, data an object': { requestId: 'r', success: true, data: { token } },
  'the envelope, Data the JWT itself': { RequestId: 'r', Success: true, Data: token, Error: null },
};
for (const [form, body] of Object.entries(envelopes)) {
  test(`${form} is taken`, async () => assert.deepEqual((await given(body)).args, [token]));
}

test('the request POSTs the context variables as JSON, with the site\'s cookies, to this origin only', async () => {
  const { page } = await given(token);
  const [request] = page.requests;
  assert.equal(request.method, 'POST');
  assert.equal(request.url, 'https://contosohelp.com/auth/token');
  assert.deepEqual(JSON.parse(request.body), { contextVariables: {} });
  assert.equal(request.headers['Content-Type'], 'application/json');
  assert.equal(request.headers['X-Requested-With'], 'XMLHttpRequest');
  assert.deepEqual(
      [request.credentials, request.mode, request.redirect, request.cache],
      ['same-origin', 'same-origin', 'manual', 'no-store']);
});

const refusal = (message, status = 403) => [JSON.stringify({ error: { code: '0x80040265', message } }), { status }];
const inactive =
    'CHATAUTH1010: The visitor\'s contact is inactive. Activate the contact; Omnichannel links active records only.';
const owinChallenge = '{"status":401,"headers":{"location":"https://contosohelp.com/SignIn"}}';
const passwordPage = '<!DOCTYPE html><title>Contoso</title><form><input type="password" name="p"></form>';
const anonymous =
    'CHATAUTH1001: The visitor is not signed in. Sign in to the portal, then open the chat again.';
const noSettings =
    'CHATAUTH2001: The step has no settings. Run chatauth deploy, which writes them into the step\'s configuration.';
const failed = (Error) => ({ Success: false, Data: null, Error });
const failures = [
  ['401', 'not-signed-in', '', { status: 401 }],
  ['403 of a custom portal, which knows the visitor', 'refused', '', { status: 403 }],
  ['X-Responded-JSON of status 401', 'not-signed-in', '', { headers: { 'X-Responded-JSON': owinChallenge } }],
  ['a redirect', 'not-signed-in', '', { status: 0, type: 'opaqueredirect' }],
  ['a sign-in page', 'not-signed-in', passwordPage],
  ['a page of buttons to sign in', 'not-signed-in', '\n<html><h1>Sign in</h1><button>Contoso AD</button></html>'],
  [
    'the server logic\'s own 401', 'not-signed-in',
    { RequestId: 'r', Success: true, Data: '{"status":401,"message":"The visitor is not signed in."}' },
  ],
  ['CHATAUTH1001', 'not-signed-in', ...refusal(anonymous, 401)],
  ['an empty body', 'not-configured', ''],
  ['an empty Token', 'not-configured', { Token: '' }],
  ['an empty token in the envelope', 'not-configured', { Success: true, Data: '{"token":"","expiresAt":null}' }],
  ['an envelope without Data', 'not-configured', { Success: true, Data: null, Error: null }],
  ['404', 'not-configured', '<html>Not here', { status: 404 }],
  ['405', 'not-configured', '', { status: 405 }],
  [
    'the server logic\'s own 405', 'not-configured',
    { success: true, data: '{"status":405,"message":"Ask for a chat token by POST."}' },
  ],
  ['CHATAUTH2001', 'not-configured', ...refusal(noSettings, 500)],
  ['500', 'network', 'boom', { status: 500 }],
  ['503', 'network', '<html>Log in later</html>', { status: 503 }],
  ['429', 'network', '', { status: 429 }],
  ['408', 'network', '', { status: 408 }],
  ['an envelope without success, under 500', 'network', failed({ Message: 'Something broke' }), { status: 500 }],
  ['an inactive contact', 'refused', ...refusal(inactive)],
  ['400', 'refused', '{"title":"Bad Request"}', { status: 400 }],
  [
    '400 that names the anti-forgery token', 'stale-page',
    '{"status":400,"message":"The anti-forgery token is missing or belongs to another session."}', { status: 400 },
  ],
  ['an envelope without success', 'refused', failed({ Message: 'Something broke', ErrorCode: 3 })],
  [
    'an envelope without success, its error a text', 'refused',
    { success: false, data: null, error: 'Something broke' },
  ],
  ['HTML that is no sign-in page', 'refused', '<html><h1>Welcome to Contoso</h1></html>'],
  ['other text', 'refused', 'OK'],
  ['a number', 'refused', '42'],
  ['other JSON', 'refused', '{"hello":"world"}'],
  ['a JSON list', 'refused', '[1,2]'],
  ['two segments', 'refused', 'aaaa.bbbb'],
  ['four segments', 'refused', `${token}.x`],
  ['three segments that are no JWT', 'refused', 'www.contosohelp.com'],
  ['a payload of null', 'refused', jwt(null)],
  ['a token that had expired when it was issued', 'refused', jwt({ iat: 1_800_000_000, exp: 1_800_000_000 })],
];
for (const [what, code, body, options] of failures) {
  test(`${what}: ${code}, with null and a message`, async () => {
    const result = await given(body, options);
    assert.deepEqual(result.args, [null, result.message]);
    assert.equal(result.code, code);
    assert.match(result.message, /^[A-Z].{20,}\.$/);
  });
}

const ofPortal = (ErrorId) => ({
  ErrorId, ErrorMessage: 'bert@contoso.com failed', Timestamp: '2026-11-27T10:00:00Z', CorrelationId: 'c0ffee',
});
for (const [id, status] of [['PortalSTS0001', 400], ['PortalSTS0018', 500], ['PortalSTS0018', 200]]) {
  test(`the portal's own token service fails by ${id}, ${status}: not-configured, its text left out`, async () => {
    const attributes = { tokenUrl: '/_services/auth/token?client_id=liveassist' };
    for (const body of [ofPortal(id), JSON.stringify(ofPortal(id))]) {
      const page = new Page({ attributes, network: () => answer(body, { status }) });
      assert.deepEqual(await page.get(), [null, `The portal's own token service fails: ${id}. Tell its owner.`]);
      assert.equal(page.errors[0].code, 'not-configured');
      assert.equal(page.requests.length, 1);
    }
  });
}

test('an ErrorId of somebody else is none of the portal\'s', async () => {
  for (const id of ['bert@contoso.com', 'PortalSTS0018 <b>', 42]) {
    assert.equal((await given(ofPortal(id), { status: 400 })).code, 'refused');
  }
});

test('the portal\'s own token service hands out its token, and says by a header who is anonymous', async () => {
  const attributes = { tokenUrl: '/_services/auth/token?client_id=liveassist' };
  const own = new Page({ attributes });
  assert.match((await own.get())[0], /^[\w-]+\.[\w-]+\.[\w-]+$/);
  assert.equal(own.requests[0].method, 'POST');
  assert.equal(own.requests[0].url, 'https://contosohelp.com/_services/auth/token?client_id=liveassist');
  const responded = { 'X-Responded-JSON': '{"status":401,"headers":{"location":"https://contosohelp.com/SignIn"}}' };
  const page = new Page({ attributes, network: () => answer('', { headers: responded }) });
  await page.get();
  assert.equal(page.errors[0].code, 'not-signed-in');
});

test('the network fails: network, with null and a message', async () => {
  const page = new Page({ network: () => { throw new TypeError('Failed to fetch'); } });
  const [nothing, message] = await page.get();
  assert.equal(nothing, null);
  assert.equal(page.errors[0].code, 'network');
  assert.doesNotMatch(message, /fetch/);
});

test('the body breaks off: network', async () => {
  const text = async () => { throw new TypeError('terminated'); };
  const page = new Page({ network: () => ({ ...answer(''), text }) });
  assert.equal((await page.get())[0], null);
  assert.equal(page.errors[0].code, 'network');
});

test('the product\'s own message reaches the visitor, any other text does not', async () => {
  assert.equal((await given(...refusal(inactive))).message, inactive);
  assert.equal((await given({ status: 403, message: inactive })).message, inactive);
  assert.equal((await given({ Success: false, Error: { Message: inactive }, Data: '{}' })).message, inactive);
  assert.doesNotMatch((await given(...refusal('SQL error at 10.0.0.7'))).message, /SQL/);
  assert.doesNotMatch((await given('secret text of a proxy')).message, /secret/);
});

const serverLogic = { tokenUrl: '/_api/serverlogics/chatauth-token' };
const tokenHtml = '<input name="__RequestVerificationToken" type="hidden" value="from-the-page" />';
const portalUser = (contactId) => ({ Dynamic365: { Portal: { User: { contactId, userName: contactId } } } });
const noWebRole = failed({ Message: 'No web role', ErrorCode: '403' });
const onPowerPages = (contactId, response) => new Page({
  attributes: serverLogic,
  network: ({ url }) => (url.endsWith('tokenhtml') ? answer(tokenHtml) : response),
  globals: contactId === undefined ? {} : { Microsoft: portalUser(contactId) },
});
const refusals = {
  '403 without the web role': [answer(noWebRole, { status: 403 }), 'refused'],
  '403 without words': [answer('', { status: 403 }), 'refused'],
  'CHATAUTH1001': [answer(...refusal(anonymous, 401)), 'refused'],
  '401': [answer('', { status: 401 }), 'stale-page'],
  'the server logic\'s own 401': [answer({ success: true, data: '{"status":401,"message":"x"}' }), 'stale-page'],
  'a redirect': [answer('', { status: 0, type: 'opaqueredirect' }), 'stale-page'],
  'X-Responded-JSON of status 401': [answer('', { headers: { 'X-Responded-JSON': owinChallenge } }), 'stale-page'],
  'a sign-in page': [answer(passwordPage), 'stale-page'],
};
for (const [what, [response, code]] of Object.entries(refusals)) {
  test(`Power Pages, ${what}: a visitor who is signed in is told ${code}, an unknown one to sign in`, async () => {
    const known = onPowerPages('a', response);
    const [nothing, message] = await known.get();
    assert.equal(nothing, null);
    assert.equal(known.errors[0].code, code);
    assert.doesNotMatch(message, /sign/i);
    const unknown = onPowerPages(undefined, response);
    await unknown.get();
    assert.equal(unknown.errors[0].code, 'not-signed-in');
  });
}

test('Power Pages, nobody is signed in: that is said without a request', async () => {
  const page = onPowerPages('', answer(token));
  assert.equal((await page.get())[0], null);
  assert.deepEqual([page.errors[0].code, page.requests.length], ['not-signed-in', 0]);
});

test('too many tokens were asked for: wait a minute, and nobody is sent to look for the connection', async () => {
  const { message, code } = await given({ status: 429, message: 'x' }, { headers: { 'Retry-After': '60' } });
  assert.equal(code, 'network');
  assert.match(message, /minute/);
  assert.doesNotMatch(message, /connection/);
});

test('no token URL, or one of another origin: not-configured, and nothing is sent', async () => {
  for (const tokenUrl of [undefined, '', 'https://evil.example/token', '//evil.example/token', 'https://[']) {
    const page = new Page({ attributes: { tokenUrl } });
    assert.equal((await page.get())[0], null);
    assert.equal(page.errors[0].code, 'not-configured', tokenUrl);
    assert.equal(page.requests.length, 0);
  }
});

test('claims in any script are read: base64url of UTF-8', async () => {
  const claims = { given_name: 'Zoë 李 🐈 ÿ\u0080', family_name: '>>>???~~~' };
  const page = new Page({ network: () => answer(page.issue(claims)) });
  const [first] = await page.get();
  assert.match(first.split('.')[1], /[-_]/);
  assert.deepEqual(await page.get(), [first]);
  assert.equal(page.requests.length, 1);
});

test('Power Pages: the anti-forgery token of the shell goes along', async () => {
  const deferred = { then: (done) => { done('from-shell'); } };
  const page = new Page({
    attributes: serverLogic,
    globals: { shell: { getTokenDeferred: () => deferred } },
  });
  assert.equal((await page.get()).length, 1);
  assert.deepEqual(page.requests.map(({ url }) => new URL(url).pathname), ['/_api/serverlogics/chatauth-token']);
  assert.equal(page.requests[0].headers.__RequestVerificationToken, 'from-shell');
});

const powerPages = (page) => ({ url }) => answer(url.endsWith('/_layout/tokenhtml') ? tokenHtml : page().issue());

test('Power Pages without a shell, or with one that fails: the token of /_layout/tokenhtml goes along', async () => {
  const rejects = { getTokenDeferred: () => Promise.reject(new Error('x')) };
  const throws = { getTokenDeferred: () => { throw new Error('x'); } };
  for (const shell of [undefined, {}, rejects, throws]) {
    const page = new Page({ attributes: serverLogic, network: powerPages(() => page), globals: { shell } });
    assert.equal((await page.get()).length, 1);
    assert.deepEqual(
        page.requests.map(({ url, method = 'GET' }) => [method, new URL(url).pathname]),
        [['GET', '/_layout/tokenhtml'], ['POST', '/_api/serverlogics/chatauth-token']]);
    assert.equal(page.requests[1].headers.__RequestVerificationToken, 'from-the-page');
  }
});

test('the anti-forgery page is down, missing or behind a sign-in: that is said, no token is asked for', async () => {
  const pages = [
    ['network', 2, '', { status: 503 }],
    ['refused', 1, '<html>', {}],
    ['refused', 1, '', { status: 404 }],
    ['network', 2, '<meta value="x">', { status: 500 }],
    ['not-signed-in', 1, '', { status: 0, type: 'opaqueredirect' }],
  ];
  for (const [code, requests, ...response] of pages) {
    const page = new Page({ attributes: serverLogic, network: () => answer(...response) });
    assert.equal((await page.get())[0], null);
    assert.equal(page.errors[0].code, code);
    assert.deepEqual(page.requests.map(({ method = 'GET' }) => method), Array(requests).fill('GET'));
  }
});

test('a shell that never answers does not hold a call longer than its time', async () => {
  const page = new Page({ globals: { shell: { getTokenDeferred: () => new Promise(() => {}) } } });
  const answers = page.ask();
  await page.pass(9000);
  assert.equal(answers.length, 1);
  assert.equal(page.errors[0].code, 'timeout');
});

test('a custom portal\'s hidden anti-forgery field goes along', async () => {
  const page = new Page();
  page.field = { value: 'from-the-form' };
  await page.get();
  assert.equal(page.requests[0].headers.__RequestVerificationToken, 'from-the-form');
});

test('the event is a CustomEvent on window with code and message, and nothing else', async () => {
  const { page } = await given('', { status: 401 });
  assert.deepEqual(Object.keys(page.errors[0]), ['code', 'message']);
  await settle();
});

const loginPage = '<html><title>Error</title><p>Please <a href="/signin">log in</a> or try later.</p></html>';
for (const status of [200, 400, 406, 410, 413, 451]) {
  test(`an error page of status ${status} that speaks of signing in is not taken for the sign-in page`, async () => {
    const result = await given(loginPage, { status });
    assert.equal(result.code, 'refused');
  });
}

for (const exp of [null, '', 0, [], true, false, {}, 'soon', -5]) {
  test(`exp ${JSON.stringify(exp)} says nothing of the clock`, async () => {
    const result = await given(jwt({ iat: 1_800_000_000, exp }));
    assert.notEqual(result.code, 'clock');
  });
}
