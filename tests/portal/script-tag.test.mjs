// The file itself: what it is made of, how it meets a page and the widget.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';
import { parse } from 'acorn';
import { Page, answer, chatauthFile, heldNetwork, settle } from './page.mjs';

const source = readFileSync(chatauthFile, 'utf8');

test('chatauth.js is under 24 KB, comments included', () => {
  assert.ok(Buffer.byteLength(source) < 24 * 1024, `${Buffer.byteLength(source)} bytes`);
});

test('chatauth.js is ES2017, one script without imports', () => {
  parse(source, { ecmaVersion: 2017, sourceType: 'script' });
});

test('chatauth.js can stand in an inline script element: nothing in it ends one', () => {
  assert.doesNotMatch(source, /<\/script|<script|<!--/i);
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

test('the tag is found only where it is a script: no element of another kind takes its place', async () => {
  const image = { name: 'currentScript', dataset: { tokenUrl: '/evil/token', signInUrl: '/evil' } };
  const page = new Page({ script: image });
  await page.get();
  assert.equal(page.requests[0].url, 'https://contosohelp.com/auth/token');
});

const clobbered = ['currentScript', 'querySelector', 'addEventListener', 'hidden', 'hasFocus'];
test('an element that bears the name of a member of document takes nothing away', async () => {
  for (const name of clobbered) {
    const page = new Page({ before: (document) => Object.defineProperty(document, name, { value: { name } }) });
    page.field = { value: 'genuine' };
    const [first] = await page.get();
    assert.equal(page.requests[0].headers.__RequestVerificationToken, 'genuine');
    await page.tell(page.document, 'visibilitychange');
    assert.notDeepEqual(await page.get(), [first], name);
  }
});

test('addresses are of this site, whatever base the page names', async () => {
  const attributes = { tokenUrl: 'auth/token', verificationUrl: '/auth/antiforgery', signInUrl: '/SignIn' };
  const network = ({ url }) => (url.endsWith('antiforgery') ? answer('fresh') : answer('', { status: 401 }));
  const page = new Page({ attributes, network, base: 'https://cdn.example/app/', href: 'https://contosohelp.com/a/b' });
  page.touch();
  await page.get();
  assert.deepEqual(
      page.requests.map(({ url }) => url),
      ['https://contosohelp.com/auth/antiforgery', 'https://contosohelp.com/a/auth/token']);
  assert.match(page.assigned[0], /^https:\/\/contosohelp\.com\/SignIn\?/);
});

test('on Power Pages too, the anti-forgery page is this site\'s', async () => {
  const attributes = { tokenUrl: '/_api/serverlogics/chatauth-token' };
  const page = new Page({ attributes, base: 'https://cdn.example/', network: () => answer('value="x"') });
  await page.get();
  assert.deepEqual([...new Set(page.requests.map(({ url }) => new URL(url).origin))], ['https://contosohelp.com']);
});

test('where there is no window, on a server that renders, nothing happens', () => {
  assert.doesNotThrow(() => vm.runInNewContext(source, {}));
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

// ---- bundled into an application: no tag

const bundled = { script: null, attributes: {} };

test('chatauth.configure says what the tag would', async () => {
  const page = new Page({ ...bundled, network: () => answer('', { status: 401 }) });
  page.window.chatauth.configure({ tokenUrl: '/api/chat-token', signInUrl: '/SignIn' });
  page.touch();
  await page.get();
  assert.equal(page.requests[0].url, 'https://contosohelp.com/api/chat-token');
  assert.equal(page.assigned.length, 1);
});

test('chatauth.configure: sign-in, time and anti-forgery are the tag\'s too', async () => {
  const page = new Page({ ...bundled, network: heldNetwork().network });
  page.window.chatauth.configure({ tokenUrl: '/t', verificationUrl: '/v', signIn: 'optional', timeoutMs: 1500 });
  const answers = page.ask();
  await page.pass(1500);
  assert.equal(answers[0].args.length, 2);
  assert.equal(page.requests[0].url, 'https://contosohelp.com/v');
  page.network = ({ url }) => answer('x', { status: url.endsWith('/v') ? 200 : 401 });
  assert.deepEqual(await page.get(), [null]);
});

test('before chatauth.configure a call is answered: not-configured', async () => {
  const page = new Page(bundled);
  assert.equal((await page.get())[0], null);
  assert.equal(page.errors[0].code, 'not-configured');
});

test('chatauth.configure changes what it names, and earlier tokens are given to nobody', async () => {
  const page = new Page();
  const [first] = await page.get();
  page.window.chatauth.configure({ signInUrl: '/SignIn' });
  assert.notDeepEqual(await page.get(), [first]);
  assert.equal(page.requests[1].url, 'https://contosohelp.com/auth/token');
  page.window.chatauth.configure({ tokenUrl: undefined });
  await page.get();
  assert.equal(page.requests[2].url, 'https://contosohelp.com/auth/token');
});

test('chatauth.configure takes no name that it does not know, and says which it knows', () => {
  const page = new Page(bundled);
  for (const options of [{ tokenURL: '/t' }, { url: '/t', tokenUrl: '/t' }, { constructor: 1 }]) {
    assert.throws(() => page.window.chatauth.configure(options), { name: 'TypeError', message: /tokenUrl, .*not / });
  }
});

test('chatauth.configure can register with the widget', async () => {
  const { sdk, globals } = withSdk();
  const page = new Page({ ...bundled, globals });
  page.window.chatauth.configure({ tokenUrl: '/t', register: 'sdk' });
  assert.equal(sdk.providers.length, 1);
  await page.tell(page.window, 'lcw:ready');
  assert.equal(sdk.providers.length, 2);
});
