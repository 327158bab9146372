// The file itself: what it is made of, how it meets a page and the widget.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'acorn';
import { minify } from 'terser';
import { Page, answer, chatauthFile, settle } from './page.mjs';

const source = readFileSync(chatauthFile, 'utf8');

test('chatauth.js is under 6 KB minified', async () => {
  const { code } = await minify(source, { ecma: 2019 });
  assert.ok(Buffer.byteLength(code) < 6000, `${Buffer.byteLength(code)} bytes`);
});

test('chatauth.js is ES2019, one script without imports', () => {
  parse(source, { ecmaVersion: 2019, sourceType: 'script' });
});

test('chatauth.js needs nothing that a strict content security policy refuses', () => {
  assert.doesNotMatch(
      source, /\beval\(|new Function|innerHTML|createElement|insertAdjacent|\.style\b|javascript:|setTimeout\(['"`]/);
});

test('an auth object of the page is kept and extended', () => {
  const auth = { mine: 1 };
  const page = new Page({ globals: { auth } });
  assert.equal(page.window.auth, auth);
  assert.equal(auth.mine, 1);
  assert.equal(typeof auth.getAuthenticationToken, 'function');
});

test('a second script tag changes nothing', async () => {
  const page = new Page();
  const { chatauth } = page.window;
  const [token] = await page.get();
  page.load();
  assert.equal(page.window.chatauth, chatauth);
  assert.deepEqual(await page.get(), [token]);
});

test('an element with the id chatauth does not stop the script', async () => {
  const page = new Page({ globals: { chatauth: { id: 'chatauth' } } });
  assert.equal(typeof page.window.chatauth.getToken, 'function');
});

test('loaded as a module, where there is no current script, it finds its tag', async () => {
  const page = new Page({ script: null });
  assert.equal((await page.get()).length, 1);
});

const withSdk = () => {
  const sdk = { providers: [], setAuthTokenProvider: (provider) => sdk.providers.push(provider) };
  return { sdk, globals: { Microsoft: { Omnichannel: { LiveChatWidget: { SDK: sdk } } } } };
};

test('data-register="sdk": on lcw:ready the widget gets a provider that gives tokens', async () => {
  const { sdk, globals } = withSdk();
  const page = new Page({ attributes: { tokenUrl: '/t', register: 'sdk' } });
  page.window.Microsoft = globals.Microsoft;
  await page.tell(page.window, 'lcw:ready');
  assert.equal(sdk.providers.length, 1);
  const answers = page.ask(sdk.providers[0]);
  await settle();
  assert.equal(answers[0].args.length, 1);
});

test('data-register="sdk": the provider gives null and a message on failure', async () => {
  const { sdk, globals } = withSdk();
  const page = new Page({ attributes: { tokenUrl: '/t', register: 'sdk' }, globals, network: () => answer('') });
  await page.tell(page.window, 'lcw:ready');
  const answers = page.ask(sdk.providers[0]);
  await settle();
  assert.equal(answers[0].args[0], null);
});

test('data-register="sdk": a widget that was ready before the script gets its provider too', () => {
  const { sdk, globals } = withSdk();
  assert.ok(new Page({ attributes: { tokenUrl: '/t', register: 'sdk' }, globals }));
  assert.equal(sdk.providers.length, 1);
});

test('without data-register nothing is registered', async () => {
  const { sdk, globals } = withSdk();
  const page = new Page({ globals });
  await page.tell(page.window, 'lcw:ready');
  assert.equal(sdk.providers.length, 0);
});
