// Optional sign-in of widget 2.0 (msdyn_authenticatedsigninoptional). That widget is not in the npm registry: this is a
// model of the rules that are known of it, not the widget. An empty token means "anonymous, go on"; a provider that
// rejects stops the chat; the token is asked for before a reconnect; who signs in later loads the page again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer } from './page.mjs';

const attributes = { tokenUrl: '/auth/token', signIn: 'optional', signInUrl: '/SignIn' };

/** Opens the chat as the rules say; gives 'authenticated', 'anonymous' or 'stopped'. */
async function open(getAuthToken) {
  try {
    return (await getAuthToken()) ? 'authenticated' : 'anonymous';
  } catch {
    return 'stopped';
  }
}

/** A host that the page gives a promise; and one that knows the function by its name and its callback. */
const hosts = {
  'a promise': (page) => () => page.window.chatauth.getToken(),
  'a callback': (page) => () => new Promise((resolve, reject) => {
    page.window.chatauth.getAuthenticationToken(
        (token, message) => (message === undefined ? resolve(token) : reject(new Error(message))));
  }),
};

const visitors = [
  ['a signed-in visitor', (page) => () => answer(page.issue()), 'authenticated'],
  ['an anonymous visitor', () => () => answer('', { status: 401 }), 'anonymous'],
  ['a signed-in visitor who is refused', () => () => answer('', { status: 403 }), 'stopped'],
  ['a signed-in visitor whose site is down', () => () => answer('', { status: 503 }), 'stopped'],
  ['a signed-in visitor whose site is down for a moment', (page) => () =>
    (page.requests.length > 1 ? answer(page.issue()) : answer('', { status: 503 })), 'authenticated'],
  ['a signed-in visitor of a site without a token URL', () => () => answer('', { status: 404 }), 'stopped'],
];
for (const [how, host] of Object.entries(hosts)) {
  for (const [who, network, expected] of visitors) {
    test(`optional sign-in by ${how}, ${who}: ${expected}, and stays on the page`, async () => {
      const page = new Page({ attributes });
      page.network = network(page);
      page.touch();
      const opened = open(host(page));
      await page.pass(500);
      assert.equal(await opened, expected);
      assert.deepEqual(page.assigned, []);
      assert.equal(page.errors.length, expected === 'stopped' ? 1 : 0);
    });
  }
}

test('a host that hears the token alone takes a failure for an anonymous visitor: the event tells', async () => {
  const page = new Page({ attributes, network: () => answer('', { status: 403 }) });
  const deaf = () => new Promise((resolve) => {
    page.window.chatauth.getAuthenticationToken((token) => resolve(token));
  });
  assert.equal(await open(deaf), 'anonymous');
  assert.deepEqual(page.errors.map(({ code }) => code), ['refused']);
});

test('signed in before the page load: the next page\'s chat is authenticated', async () => {
  const before = new Page({ attributes, network: () => answer('', { status: 401 }) });
  assert.equal(await open(hosts['a promise'](before)), 'anonymous');
  const after = new Page({ attributes });
  assert.equal(await open(hosts['a promise'](after)), 'authenticated');
});
