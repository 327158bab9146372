// A page that is older than its visitor's session: signing in elsewhere makes its anti-forgery token stale.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, settle } from './page.mjs';

const message = 'The anti-forgery token is missing or belongs to another session. Load the page again.';
const refusal = answer({ status: 400, message }, { status: 400 });
const withSource = { tokenUrl: '/auth/token', verificationUrl: '/auth/antiforgery' };

/** A custom portal that takes one anti-forgery token and hands it out; its page has an older one. */
function portal({ attributes = withSource, genuine = 'fresh', source, field = 'stale', ...options } = {}) {
  const page = new Page({
    attributes, ...options,
    network: ({ url, headers }) => {
      if (url.endsWith('/auth/antiforgery')) return source ? source() : answer(`${genuine}\n`);
      return headers.__RequestVerificationToken === genuine ? answer(page.issue()) : refusal;
    },
  });
  page.field = field ? { value: field } : null;
  return page;
}

const asked = (page) => page.requests.map(({ url, method = 'GET', headers = {} }) =>
  [method, new URL(url).pathname, headers.__RequestVerificationToken].filter(Boolean).join(' '));

test('a stale token is replaced by one fetched afresh, and the call succeeds without a word', async () => {
  const page = portal();
  const answers = page.ask();
  await settle();
  assert.equal(answers[0].args.length, 1);
  assert.deepEqual(asked(page), ['POST /auth/token stale', 'GET /auth/antiforgery', 'POST /auth/token fresh']);
  assert.deepEqual(page.errors, []);
});

test('the fresh one is fetched from this site, with its cookies and past every cache', async () => {
  const page = portal();
  await page.get();
  const [, { credentials, mode, cache, redirect }] = page.requests;
  assert.deepEqual([credentials, mode, cache, redirect], ['same-origin', 'same-origin', 'no-store', 'manual']);
});

test('the fresh one is kept for the next requests, until the page has another', async () => {
  const page = portal();
  await page.get();
  page.window.chatauth.reset();
  await page.get();
  assert.deepEqual(asked(page).slice(3), ['POST /auth/token fresh']);
  page.field.value = 'of the page';
  page.window.chatauth.reset();
  await page.get();
  assert.equal(asked(page)[4], 'POST /auth/token of the page');
});

test('a page without a hidden field asks for the token first', async () => {
  const page = portal({ field: null });
  await page.get();
  assert.deepEqual(asked(page), ['GET /auth/antiforgery', 'POST /auth/token fresh']);
});

test('once more and not again: a site that refuses the fresh one too has an old page', async () => {
  const page = portal({ genuine: 'never', source: () => answer('other') });
  assert.deepEqual(await page.get(), [null, 'This page is older than the visitor\'s session. Load the page again.']);
  assert.deepEqual(page.errors.map(({ code }) => code), ['stale-page']);
  assert.equal(page.requests.length, 3);
});

test('without data-verification-url, or with one of another origin: stale-page, and one request', async () => {
  for (const verificationUrl of [undefined, '', 'https://evil.example/a', '//evil.example', 'javascript:1']) {
    const page = portal({ attributes: { tokenUrl: '/auth/token', verificationUrl } });
    assert.match((await page.get())[1], /Load the page again/);
    assert.equal(page.errors[0].code, 'stale-page');
    assert.equal(page.requests.length, 1);
  }
});

test('a data-verification-url that serves something else is not used: no page goes into a header', async () => {
  const others = [answer('<html>\n<p>Not here'), answer(''), answer('', { status: 404 }), answer('a b')];
  for (const other of others) {
    const page = portal({ source: () => other });
    await page.get();
    assert.equal(page.errors[0].code, 'stale-page');
    assert.deepEqual(asked(page).filter((line) => line.startsWith('POST')), Array(2).fill('POST /auth/token stale'));
  }
});

test('a data-verification-url that fails for a moment is tried again', async () => {
  let down = true;
  const page = portal({
    source: () => {
      if (!down) return answer('fresh');
      down = false;
      return answer('', { status: 503 });
    },
  });
  assert.equal((await page.get()).length, 1);
});

test('400, 403 and 419, with a token in play, may all mean a stale one', async () => {
  for (const status of [400, 403, 419]) {
    const page = new Page({
      attributes: withSource,
      network: ({ url, headers }) => (url.endsWith('antiforgery') ? answer('fresh')
        : headers.__RequestVerificationToken === 'fresh' ? answer(page.issue()) : answer('', { status })),
    });
    page.field = { value: 'stale' };
    assert.equal((await page.get()).length, 1, `${status}`);
  }
});

test('the product\'s own refusal is no stale page', async () => {
  const coded = { status: 400, message: 'CHATAUTH1012: No object.' };
  const page = new Page({ attributes: withSource, network: () => answer(coded, { status: 400 }) });
  page.field = { value: 'genuine' };
  assert.equal((await page.get())[1], 'CHATAUTH1012: No object.');
  assert.deepEqual([page.errors[0].code, page.requests.length], ['refused', 1]);
});

const ofPowerPages = [
  answer({ Success: false, Data: null, Error: { Message: 'MissingPortalRequestVerificationToken' } }, { status: 401 }),
  answer('', { status: 400 }), answer('', { status: 403 }),
];
test('Power Pages has a source of its own: what the shell has kept is asked for afresh', async () => {
  for (const refused of ofPowerPages) {
    const page = new Page({
      attributes: { tokenUrl: '/_api/serverlogics/chatauth-token' },
      globals: { shell: { getTokenDeferred: async () => 'stale' } },
      network: ({ url, headers }) => (url.endsWith('/_layout/tokenhtml') ? answer('<input value="fresh">')
        : headers.__RequestVerificationToken === 'fresh' ? answer(page.issue()) : refused),
    });
    assert.equal((await page.get()).length, 1);
    assert.deepEqual(asked(page), [
      'POST /_api/serverlogics/chatauth-token stale', 'GET /_layout/tokenhtml',
      'POST /_api/serverlogics/chatauth-token fresh',
    ]);
  }
});

test('Power Pages: the server logic\'s own 401 is about the visitor, not about the token', async () => {
  const page = new Page({
    attributes: { tokenUrl: '/_api/serverlogics/chatauth-token' },
    globals: { shell: { getTokenDeferred: async () => 'genuine' } },
    network: () => answer({ Success: true, Data: '{"status":401,"message":"x"}' }),
  });
  await page.get();
  assert.deepEqual([page.errors[0].code, page.requests.length], ['not-signed-in', 1]);
});

test('a stale token and a failure that passes: both are made good within one call', async () => {
  let requests = 0;
  const page = new Page({
    attributes: withSource,
    network: ({ url, headers }) => {
      if (url.endsWith('antiforgery')) return answer('fresh');
      if (++requests === 1) return answer('', { status: 503 });
      return headers.__RequestVerificationToken === 'fresh' ? answer(page.issue()) : refusal;
    },
  });
  page.field = { value: 'stale' };
  assert.equal((await page.get()).length, 1);
  assert.equal(requests, 3);
});

test('an anti-forgery field that no header can carry is left out', async () => {
  for (const value of ['a\nb', 'Ｆ', 'ü\u0100', '\r']) {
    const page = new Page();
    page.field = { value };
    assert.equal((await page.get()).length, 1);
    assert.equal('__RequestVerificationToken' in page.requests[0].headers, false);
  }
});

test('a redirect of data-verification-url says nothing of the visitor: the token URL does', async () => {
  const page = new Page({
    attributes: { tokenUrl: '/auth/token', verificationUrl: '/auth/antiforgery', signIn: 'optional' },
    network: ({ url }) => (url.includes('antiforgery') ? answer('', { status: 0, type: 'opaqueredirect' })
      : answer(page.issue())),
  });
  assert.match((await page.get())[0], /\./);
});

test('a page element in place of Power Pages\' shell is no shell', async () => {
  const page = new Page({ globals: { shell: { getTokenDeferred: { nodeName: 'INPUT' } } } });
  assert.equal((await page.get()).length, 1);
  assert.equal(page.requests.length, 1);
});
