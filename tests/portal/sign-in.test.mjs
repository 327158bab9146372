// An anonymous visitor who has just asked for the chat is sent to sign-in; nobody else, and never to another site.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, settle } from './page.mjs';

/** A page whose visitor is anonymous and has just clicked. */
function anonymous(options = {}) {
  const page = new Page({
    attributes: { tokenUrl: '/auth/token', signInUrl: '/SignIn' },
    network: () => answer('', { status: 401 }),
    ...options,
  });
  page.touch();
  return page;
}

test('an anonymous visitor is sent to sign-in with the way back, and the call is answered before that', async () => {
  const page = anonymous();
  let goneBefore;
  page.window.auth.getAuthenticationToken((token, message) => {
    goneBefore = page.assigned.length;
    assert.equal(token, null);
    assert.match(message, /Sign in/);
  });
  await settle();
  assert.equal(goneBefore, 0);
  assert.deepEqual(page.assigned, ['https://contosohelp.com/SignIn?returnUrl=%2Fhelp%3Fa%3D1%23top']);
});

test('every form of an anonymous answer leads to sign-in', async () => {
  for (const response of [
    answer('', { headers: { 'X-Responded-JSON': '{"status":401}' } }),
    answer('', { status: 0, type: 'opaqueredirect' }),
    answer('<input type=password>'),
    answer({ success: true, data: '{"status":401,"message":"x"}' }),
  ]) {
    const page = anonymous({ network: () => response });
    await page.get();
    assert.equal(page.assigned.length, 1);
  }
});

test('Power Pages, nobody is signed in: to sign-in', async () => {
  const Microsoft = { Dynamic365: { Portal: { User: { contactId: '', userName: '' } } } };
  const page = anonymous({ globals: { Microsoft } });
  await page.get();
  assert.equal(page.assigned.length, 1);
});

test('Power Pages, a signed-in visitor without the web role is not sent to sign in, in circles', async () => {
  const Microsoft = { Dynamic365: { Portal: { User: { contactId: 'a', userName: 'a' } } } };
  for (const status of [401, 403]) {
    const page = anonymous({
      attributes: { tokenUrl: '/_api/serverlogics/chatauth-token', signInUrl: '/SignIn' },
      globals: { Microsoft, shell: { getTokenDeferred: async () => 'genuine' } },
      network: ({ url }) => (url.endsWith('tokenhtml') ? answer('value="x"') : answer('', { status })),
    });
    assert.doesNotMatch((await page.get())[1], /sign/i);
    assert.deepEqual(page.assigned, []);
  }
});

test('the parameters of data-sign-in-url stay, its returnUrl is replaced', async () => {
  const signInUrl = '/SignIn?provider=ad&returnUrl=https://evil.example';
  const page = anonymous({ attributes: { tokenUrl: '/t', signInUrl } });
  await page.get();
  assert.equal(page.assigned[0], 'https://contosohelp.com/SignIn?provider=ad&returnUrl=%2Fhelp%3Fa%3D1%23top');
});

test('returnUrl is a path of this site, whatever the address of the page', async () => {
  for (const path of ['//evil.example/x', '///evil.example', '/\\evil.example', '/']) {
    const page = anonymous({ href: `https://contosohelp.com${path}` });
    await page.get();
    const back = new URL(page.assigned[0]).searchParams.get('returnUrl');
    assert.match(back, /^\/($|[^/\\])/);
    assert.equal(new URL(back, 'https://contosohelp.com').origin, 'https://contosohelp.com');
  }
});

test('a data-sign-in-url of another origin or another scheme is not followed', async () => {
  const elsewhere = ['https://evil.example/SignIn', '//evil.example', 'javascript:alert(1)', 'data:text/html,x'];
  for (const signInUrl of elsewhere) {
    const page = anonymous({ attributes: { tokenUrl: '/t', signInUrl } });
    assert.equal((await page.get())[0], null);
    assert.deepEqual(page.assigned, []);
  }
});

test('without data-sign-in-url the visitor stays', async () => {
  const page = anonymous({ attributes: { tokenUrl: '/t' } });
  await page.get();
  assert.deepEqual(page.assigned, []);
});

test('a click of before, on a cookie banner say, takes nobody away: the gesture must be fresh', async () => {
  const page = anonymous();
  page.window.navigator.userActivation = { isActive: false, hasBeenActive: true };
  await page.get();
  assert.deepEqual(page.assigned, []);
  page.touch();
  await page.get();
  assert.equal(page.assigned.length, 1);
});

test('the gesture counts at the time of the call, not of the answer', async () => {
  const page = anonymous();
  page.window.navigator.userActivation = { isActive: false, hasBeenActive: true };
  page.ask();
  page.touch();
  await settle();
  assert.deepEqual(page.assigned, []);
  page.ask();
  page.window.navigator.userActivation = { isActive: false, hasBeenActive: true };
  await settle();
  assert.equal(page.assigned.length, 1);
});

test('a browser that cannot tell takes nobody away', async () => {
  const page = anonymous();
  delete page.window.navigator.userActivation;
  await page.get();
  assert.deepEqual(page.assigned, []);
});

test('once per document: a navigation that comes to nothing is not tried again', async () => {
  const page = anonymous();
  for (let i = 0; i < 5; i++) await page.get();
  assert.equal(page.assigned.length, 1);
});

test('the sign-in page itself is never left, nor one that already has a returnUrl', async () => {
  const pages = [
    '/SignIn', '/signin', '/SignIn/', '/SIGNIN?x=1', '/SignIn?returnUrl=%2FSignIn', '/Account/Login?ReturnUrl=%2Fhelp',
    '/Account/Register?a=1&returnurl=/',
  ];
  for (const path of pages) {
    const page = anonymous({ href: `https://contosohelp.com${path}` });
    assert.equal((await page.get())[0], null);
    assert.deepEqual(page.assigned, [], path);
  }
});

test('preventDefault() on chatauth:error keeps the visitor', async () => {
  const page = anonymous();
  page.window.addEventListener('chatauth:error', (event) => event.preventDefault());
  await page.get();
  assert.deepEqual(page.assigned, []);
});

test('no other failure leads to sign-in', async () => {
  const inactive = { status: 403, message: 'CHATAUTH1010: The visitor\'s contact is inactive. Activate it.' };
  const failures = [
    ['', { status: 500 }], ['', { status: 404 }], ['', { status: 403 }], ['', { status: 400 }], [''], ['no'],
    [inactive],
  ];
  for (const response of failures) {
    const page = anonymous({ network: () => answer(...response) });
    await page.get();
    assert.equal(page.errors.length, 1);
    assert.deepEqual(page.assigned, []);
  }
});

// ---- data-sign-in="optional"

const optional = { tokenUrl: '/auth/token', signIn: 'optional', signInUrl: '/SignIn' };

test('optional: an anonymous visitor is null and no failure, in both forms, and stays on the page', async () => {
  const page = anonymous({ attributes: optional });
  assert.deepEqual(await page.get(), [null]);
  assert.equal(await page.window.chatauth.getToken(), null);
  assert.deepEqual([page.errors, page.assigned], [[], []]);
});

test('optional: every form of an anonymous answer is null', async () => {
  for (const response of [
    answer('', { headers: { 'X-Responded-JSON': '{"status":401}' } }),
    answer('', { status: 0, type: 'opaqueredirect' }),
    answer('<input type=password>'),
    answer({ success: true, data: '{"status":401,"message":"x"}' }),
    answer({ error: { message: 'CHATAUTH1001: The visitor is not signed in.' } }, { status: 401 }),
  ]) {
    assert.deepEqual(await anonymous({ attributes: optional, network: () => response }).get(), [null]);
  }
});

test('optional, on Power Pages: nobody is null without a request', async () => {
  const Microsoft = { Dynamic365: { Portal: { User: { contactId: '', userName: '' } } } };
  const page = anonymous({ attributes: optional, globals: { Microsoft } });
  assert.deepEqual(await page.get(), [null]);
  assert.deepEqual([page.requests, page.errors], [[], []]);
});

test('optional: a signed-in visitor gets the token', async () => {
  const page = new Page({ attributes: optional });
  assert.match((await page.get())[0], /^\w+\./);
});

test('optional: every other failure is told apart from it, in both forms', async () => {
  const others = { 403: 'refused', 404: 'not-configured', 429: 'network', 500: 'network', 503: 'network' };
  for (const [status, code] of Object.entries(others)) {
    const page = anonymous({ attributes: optional, network: () => answer('', { status: Number(status) }) });
    const [nothing, message] = await page.get();
    assert.equal(nothing, null);
    assert.match(message, /^[A-Z]/);
    assert.equal(page.errors[0].code, code);
    const rejected = assert.rejects(page.window.chatauth.getToken(), { code });
    await page.pass(500);
    await rejected;
  }
});

test('optional: a signed-in visitor of Power Pages whose request fails is no anonymous one', async () => {
  const Microsoft = { Dynamic365: { Portal: { User: { contactId: 'a', userName: 'a' } } } };
  for (const status of [401, 403, 503]) {
    const page = anonymous({ attributes: optional, globals: { Microsoft }, network: () => answer('', { status }) });
    assert.equal((await page.get()).length, 2);
    assert.equal(page.errors.length, 1);
  }
});

test('optional in any letters; anything else is required', async () => {
  assert.deepEqual(await anonymous({ attributes: { ...optional, signIn: 'Optional' } }).get(), [null]);
  for (const signIn of ['required', '', undefined, 'false', 'maybe']) {
    assert.equal((await anonymous({ attributes: { ...optional, signIn } }).get()).length, 2);
  }
});

for (const path of [
  '/en-US/SignIn', '/de-DE/signin/', '/%53ignIn', '/signin//', '/fr/SIGNIN', '/zh-Hans-CN/signin',
]) {
  test(`on ${path} nobody is sent to /SignIn`, async () => {
    const page = anonymous({ href: `https://contosohelp.com${path}` });
    await page.get();
    assert.deepEqual(page.assigned, []);
  });
}

test('a page whose name only begins like the sign-in page\'s leads there', async () => {
  for (const path of ['/signin-help', '/my/signin/done', '/help/en-US']) {
    const page = anonymous({ href: `https://contosohelp.com${path}` });
    await page.get();
    assert.equal(page.assigned.length, 1, path);
  }
});
