// The names by which chat clients ask: ours belong to us, the shared ones to every script of the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, settle } from './page.mjs';

const shared = ['auth.getAuthenticationToken', 'authoriseChatWithCallback', 'lpGetAuthenticationToken'];
const own = ['chatauth.getAuthenticationToken', 'chatauth.getToken'];
const found = (page, name) => name.split('.').reduce((owner, member) => owner[member], page.window);
const askBy = async (page, name) => {
  const answers = page.ask((callback) => found(page, name)(callback));
  await settle();
  return answers;
};

for (const name of [...own, ...shared]) {
  test(`${name} calls back with the token, once`, async () => {
    const page = new Page();
    const answers = await askBy(page, name);
    assert.equal(answers.length, 1);
    assert.match(answers[0].args[0], /^\w+\.\w+\.\w+$/);
  });

  test(`${name} calls back with null and a message`, async () => {
    const page = new Page({ network: () => answer('', { status: 404 }) });
    const [{ args }] = await askBy(page, name);
    assert.equal(args[0], null);
    assert.match(args[1], /configured/);
  });
}

for (const name of [...own, ...shared]) {
  test(`${name} hands no token to settings of the code flow, and says so`, async () => {
    const page = new Page();
    const answers = page.ask((callback) => found(page, name)(callback, 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'));
    assert.equal(answers.length, 0);
    await settle();
    assert.deepEqual(answers.map(({ args }) => args), [[null,
      'The chat is set to the code flow. Set its authentication to the implicit flow.']]);
    assert.deepEqual(page.errors.map(({ code }) => code), ['not-configured']);
    assert.equal(page.requests.length, 0);
  });
}

test('what else a client passes as second argument is not looked at', async () => {
  const page = new Page();
  for (const second of [undefined, null, {}, () => {}, 5]) {
    const answers = page.ask((callback) => page.window.lpGetAuthenticationToken(callback, second));
    await settle();
    assert.match(answers[0].args[0], /^\w+\.\w+\.\w+$/);
  }
});

test('a token of before is not handed to the code flow either, and others get theirs', async () => {
  const page = new Page();
  const [token] = await page.get();
  const code = page.ask((callback) => page.window.authoriseChatWithCallback(callback, 'challenge'));
  const other = page.ask();
  await settle();
  assert.equal(code[0].args[0], null);
  assert.deepEqual(other[0].args, [token]);
});

test('chatauth.getToken without a callback gives a promise, and with one nothing to forget', async () => {
  const page = new Page({ network: () => answer('', { status: 404 }) });
  assert.equal(page.window.chatauth.getToken(() => {}), undefined);
  await assert.rejects(page.window.chatauth.getToken(), { code: 'not-configured' });
});

test('our own names stay ours: nobody replaces them by an assignment', async () => {
  const page = new Page();
  const { chatauth } = page.window;
  const replace = [
    () => { page.window.chatauth = {}; },
    () => { chatauth.getAuthenticationToken = () => {}; },
    () => { chatauth.getToken = () => {}; },
  ];
  for (const act of replace) assert.throws(act, TypeError);
  assert.equal((await askBy(page, own[0]))[0].args.length, 1);
});

const occupied = {
  'frozen': { value: Object.freeze({ mine: 1 }) },
  'frozen, with a function of the name': { value: Object.freeze({ getAuthenticationToken() {} }) },
  'a getter that gives a frozen object': { get: () => Object.freeze({}) },
  'a getter that gives nothing': { get: () => undefined },
  'a getter that throws': { get: () => { throw new Error('of the page'); } },
  'a text': { value: 'signed-in' },
  'a number': { value: 1 },
  'true': { value: true },
  'held fast': { value: Object.freeze({}), writable: false, configurable: false },
};
for (const [what, auth] of Object.entries(occupied)) {
  test(`window.auth is ${what}: every other name works, and it is told once`, async () => {
    const descriptor = { configurable: true, ...('value' in auth ? { writable: true } : {}), ...auth };
    const page = new Page({ globals: Object.defineProperty({}, 'auth', descriptor) });
    await settle();
    for (const name of [...own, ...shared.slice(1)]) {
      assert.equal((await askBy(page, name))[0].args.length, 1, name);
    }
    assert.equal(page.warnings.length, 1);
    assert.match(page.warnings[0], /auth\.getAuthenticationToken.*chatauth\.getAuthenticationToken/);
    assert.deepEqual(page.errors, [{ code: 'replaced', message: page.warnings[0] }]);
  });
}

test('a getter of the page that gives its own object is kept, and the object extended', async () => {
  const auth = { mine: 1 };
  const globals = Object.defineProperty({}, 'auth', { configurable: true, enumerable: true, get: () => auth });
  const page = new Page({ globals });
  assert.equal(page.window.auth, auth);
  assert.equal((await askBy(page, shared[0]))[0].args.length, 1);
  assert.deepEqual(page.warnings, []);
});

test('authoriseChatWithCallback and lpGetAuthenticationToken that are held fast cost no other name', async () => {
  for (const name of shared.slice(1)) {
    const globals = Object.defineProperty({}, name, { value: () => {}, enumerable: true });
    const page = new Page({ globals });
    for (const other of [...own, ...shared].filter((each) => each !== name)) {
      assert.equal((await askBy(page, other))[0].args.length, 1, other);
    }
    assert.equal(page.warnings.length, 1);
    assert.match(page.warnings[0], new RegExp(name));
  }
});

const takes = {
  'window.auth = {…}': (window, theirs) => { window.auth = { getAuthenticationToken: theirs }; },
  'window.auth = {…} without the function': (window) => { window.auth = {}; },
  'auth.getAuthenticationToken = …': (window, theirs) => { window.auth.getAuthenticationToken = theirs; },
  'Object.defineProperty(auth, …)': (window, theirs) => {
    Object.defineProperty(window.auth, 'getAuthenticationToken', { value: theirs });
  },
  'window.auth = null': (window) => { window.auth = null; },
};
for (const [what, take] of Object.entries(takes)) {
  test(`${what}, later: told at the next use, by the name itself or by ours, and once`, async () => {
    const uses = [(page) => page.window.auth?.getAuthenticationToken, (page) => page.window.chatauth.getToken()];
    for (const use of uses) {
      const page = new Page();
      take(page.window, () => {});
      await settle();
      await use(page);
      await settle();
      assert.equal(page.warnings.length, 1);
      assert.deepEqual(page.errors.map(({ code }) => code), ['replaced']);
      await use(page);
      await askBy(page, own[0]);
      assert.equal(page.warnings.length, 1);
    }
  });
}

test('a function that the portal declares later under a shared name is noticed when the widget is ready', async () => {
  for (const event of ['load', 'lcw:ready']) {
    const page = new Page();
    Object.defineProperty(page.window, 'authoriseChatWithCallback', { value: () => {}, configurable: false });
    assert.equal(page.warnings.length, 0);
    await page.tell(page.window, event);
    assert.match(page.warnings[0], /authoriseChatWithCallback/);
    assert.equal(page.errors.length, 1);
  }
});

test('who takes a name keeps it: the page\'s own choice is told, not undone', async () => {
  const page = new Page();
  const theirs = () => {};
  page.window.auth.getAuthenticationToken = theirs;
  assert.equal(page.window.auth.getAuthenticationToken, theirs);
  const auth = {};
  page.window.auth = auth;
  assert.equal(page.window.auth, auth);
});

test('a function of an older script under a shared name gives way, without a word', async () => {
  const page = new Page({ globals: { auth: { getAuthenticationToken() {} }, lpGetAuthenticationToken() {} } });
  for (const name of shared) assert.equal((await askBy(page, name))[0].args.length, 1);
  assert.deepEqual([page.warnings, page.errors], [[], []]);
});

test('an auth of the page that has nothing to do with chats is its own, before and after', async () => {
  const auth = { signOut() {}, user: 'bert' };
  const page = new Page({ globals: { auth } });
  assert.deepEqual(Object.keys(page.window.auth), ['signOut', 'user', 'getAuthenticationToken']);
  assert.equal(JSON.stringify(page.window.auth), '{"user":"bert"}');
});

for (const [what, console] of [['no console', undefined], ['a console without warn', {}],
  ['a console whose warn throws', { warn() { throw new Error('x'); } }]]) {
  test(`with ${what} a taken name is told by the event, and the names are there`, async () => {
    const page = new Page({ globals: { console } });
    page.window.auth.getAuthenticationToken = () => {};
    const call = page.window.chatauth.getToken();
    await settle();
    assert.equal(typeof await call, 'string');
    assert.deepEqual(page.errors.map(({ code }) => code), ['replaced']);
  });
}

test('where chatauth is held fast or is an element of the page, the shared names are there', async () => {
  const element = { getToken: { nodeName: 'INPUT' } }; // <form id=chatauth><input name=getToken>
  for (const own of [
    { value: 1, writable: false }, { value: element, writable: true },
    { get() { throw new Error('x'); }, configurable: false },
  ]) {
    const chatauth = { enumerable: true, configurable: true, ...own };
    const page = new Page({ globals: Object.create(null, { chatauth }) });
    assert.equal((await page.get()).length, 1);
  }
});
