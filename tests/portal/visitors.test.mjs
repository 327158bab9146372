// A token goes to the visitor it was issued for, with the context variables of the moment, and nowhere else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, heldNetwork, settle } from './page.mjs';

const user = (contactId) => ({ Dynamic365: { Portal: { User: { contactId, userName: contactId && 'bert' } } } });

test('after reset() no earlier token is given', async () => {
  const page = new Page();
  const [first] = await page.get();
  page.window.chatauth.reset();
  assert.notDeepEqual(await page.get(), [first]);
});

test('reset() during a request: its answer is given to nobody, who waits is asked for again', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await settle();
  const old = page.issue();
  page.window.chatauth.reset();
  pending[0].respond(answer(old));
  await settle();
  assert.ok(pending[0].request.aborted);
  assert.equal(answers.length, 0);
  const fresh = page.issue();
  pending[1].respond(answer(fresh));
  await settle();
  assert.deepEqual(answers.map(({ args }) => args), [[fresh]]);
  assert.deepEqual(await page.get(), [fresh]);
});

test('reset() between the call and its answer: the reused token is not given', async () => {
  const page = new Page();
  const [first] = await page.get();
  const answers = page.ask();
  page.window.chatauth.reset();
  await settle();
  assert.equal(answers.length, 1);
  assert.notDeepEqual(answers[0].args, [first]);
});

test('a callback that resets: the others get a new token', async () => {
  const page = new Page();
  let first;
  page.window.auth.getAuthenticationToken((token) => { first = token; page.window.chatauth.reset(); });
  const others = [page.ask(), page.ask()];
  await settle();
  for (const answers of others) {
    assert.equal(answers.length, 1);
    assert.equal(answers[0].args.length, 1);
    assert.notEqual(answers[0].args[0], first);
  }
});

test('reset() without a token and without a call sends nothing', async () => {
  const page = new Page();
  page.window.chatauth.reset();
  await settle();
  assert.equal(page.requests.length, 0);
});

test('context variables go into the body as they were when set', async () => {
  const page = new Page();
  const variables = { msdyn_cartvalue: 12.5, vip: true, note: '“ü” \u2028' };
  page.window.chatauth.setContext(variables);
  variables.vip = false;
  await page.get();
  assert.deepEqual(
      JSON.parse(page.requests[0].body),
      { contextVariables: { msdyn_cartvalue: 12.5, vip: true, note: '“ü” \u2028' } });
});

test('changed context variables: a new token; the same ones again: the same token', async () => {
  const page = new Page();
  page.window.chatauth.setContext({ cart: 1 });
  const [first] = await page.get();
  page.window.chatauth.setContext({ cart: 1 });
  assert.deepEqual(await page.get(), [first]);
  page.window.chatauth.setContext({ cart: 2 });
  const [second] = await page.get();
  assert.notEqual(second, first);
  page.window.chatauth.setContext(null);
  await page.get();
  assert.deepEqual(page.requests.map(({ body }) => JSON.parse(body).contextVariables), [{ cart: 1 }, { cart: 2 }, {}]);
});

test('context variables that change during a request: who waits gets a token with the new ones', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await settle();
  page.window.chatauth.setContext({ cart: 3 });
  await settle();
  pending[0].respond(answer(page.issue()));
  const fresh = page.issue();
  pending[1].respond(answer(fresh));
  await settle();
  assert.deepEqual(JSON.parse(pending[1].request.body).contextVariables, { cart: 3 });
  assert.deepEqual(answers.map(({ args }) => args), [[fresh]]);
});

test('Power Pages names another user in the same page: a new token', async () => {
  const page = new Page({ globals: { Microsoft: user('a') } });
  const [first] = await page.get();
  page.window.Microsoft = user('b');
  const [second] = await page.get();
  assert.notEqual(second, first);
  page.window.Microsoft = user('');
  assert.notDeepEqual(await page.get(), [second]);
});

test('Power Pages names another user during a request: its answer is given to nobody', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network, globals: { Microsoft: user('a') } });
  const answers = page.ask();
  await settle();
  page.window.Microsoft = user('b');
  pending[0].respond(answer(page.issue()));
  await settle();
  assert.equal(answers.length, 0);
  const fresh = page.issue();
  pending[1].respond(answer(fresh));
  await settle();
  assert.deepEqual(answers[0].args, [fresh]);
});

test('Power Pages names another user during a request: the next call does not wait for the old answer', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network, globals: { Microsoft: user('a') } });
  page.ask();
  await settle();
  page.window.Microsoft = user('b');
  page.ask();
  await settle();
  assert.equal(pending.length, 2);
  assert.ok(pending[0].request.aborted);
});

test('a page from the back-forward cache has forgotten its token', async () => {
  const page = new Page();
  const [first] = await page.get();
  await page.tell(page.window, 'pageshow', { persisted: true });
  assert.notDeepEqual(await page.get(), [first]);
});

test('a page that leaves keeps neither token nor request', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  page.ask();
  await settle();
  await page.tell(page.window, 'pagehide', { persisted: true });
  assert.ok(pending[0].request.aborted);
  assert.equal(pending.length, 1);
});

test('a call that was open when the page left is answered when it comes back, with a new token', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await settle();
  const old = page.issue();
  await page.tell(page.window, 'pagehide', { persisted: true });
  pending[0].respond(answer(old));
  await page.tell(page.window, 'pageshow', { persisted: true });
  const fresh = page.issue();
  pending[1].respond(answer(fresh));
  await settle();
  assert.deepEqual(answers.map(({ args }) => args), [[fresh]]);
});

test('the first pageshow of a page changes nothing', async () => {
  const page = new Page();
  const [first] = await page.get();
  await page.tell(page.window, 'pageshow', { persisted: false });
  assert.deepEqual(await page.get(), [first]);
});

test('a tab that becomes visible again asks anew: its visitor may have changed in another tab', async () => {
  const page = new Page();
  const [first] = await page.get();
  page.document.hidden = true;
  await page.tell(page.document, 'visibilitychange');
  assert.deepEqual(await page.get(), [first]);
  page.document.hidden = false;
  await page.tell(page.document, 'visibilitychange');
  assert.notDeepEqual(await page.get(), [first]);
});

test('a window that had lost the focus asks anew: another visitor may have signed in in a second one', async () => {
  const page = new Page();
  const [first] = await page.get();
  page.hasFocus = false;
  await page.tell(page.window, 'blur');
  await page.pass(1);
  assert.deepEqual(await page.get(), [first]);
  page.hasFocus = true;
  await page.tell(page.window, 'focus');
  const [second] = await page.get();
  assert.notEqual(second, first);
  await page.tell(page.window, 'focus');
  assert.deepEqual(await page.get(), [second]);
});

test('a frame of the page that takes the focus, the chat\'s, costs no token', async () => {
  const page = new Page();
  const [first] = await page.get();
  page.hasFocus = false;
  await page.tell(page.window, 'blur');
  page.hasFocus = true;
  await page.pass(1);
  await page.tell(page.window, 'focus');
  assert.deepEqual(await page.get(), [first]);
});

test('a tab that comes back with the focus asks once', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  page.hasFocus = false;
  await page.tell(page.window, 'blur');
  await page.pass(1);
  page.ask();
  await settle();
  page.hasFocus = true;
  await page.tell(page.document, 'visibilitychange');
  await page.tell(page.window, 'focus');
  assert.equal(pending.length, 2);
});

test('a context variable of null is left out, as one of undefined is', async () => {
  const page = new Page();
  page.window.chatauth.setContext({ cart: null, vip: undefined, bags: 0, note: '', club: false });
  await page.get();
  assert.deepEqual(JSON.parse(page.requests[0].body), { contextVariables: { bags: 0, note: '', club: false } });
  page.window.chatauth.setContext({ bags: 0, note: '', club: false, cart: null });
  await page.get();
  assert.equal(page.requests.length, 1);
});

test('nothing is put into storage, nothing is logged, and the token is no property of the page', async () => {
  const page = new Page();
  const [token] = await page.get();
  page.network = () => answer('', { status: 500 });
  page.window.chatauth.reset();
  await page.get();
  assert.equal(page.storageTouched, false);
  assert.equal(page.logged, false);
  assert.deepEqual(page.warnings, []);
  const seen = new Set();
  const walk = (value) => {
    if (value === token) assert.fail('the token is reachable');
    if (!value || seen.has(value) || !['object', 'function'].includes(typeof value)) return;
    seen.add(value);
    for (const name of Reflect.ownKeys(value)) walk(Reflect.getOwnPropertyDescriptor(value, name).value);
  };
  for (const name of ['auth', 'chatauth', 'authoriseChatWithCallback', 'lpGetAuthenticationToken']) {
    walk(page.window[name]);
  }
});

test('what JSON has no word for is left out, as null is', async () => {
  const page = new Page();
  page.window.chatauth.setContext({
    a: NaN, b: Infinity, c: new Number(NaN), d: { toJSON: () => null }, e: () => 1, f: Symbol('f'), g: 1,
  });
  await page.get();
  assert.deepEqual(JSON.parse(page.requests[0].body), { contextVariables: { g: 1 } });
});

test('what is no object of variables is refused where it is given, and nothing changes', async () => {
  const page = new Page();
  page.window.chatauth.setContext({ cart: 1 });
  const none = [() => 1, Symbol('x'), { toJSON: () => null }, { toJSON: () => undefined }, [1], 'x', 5, true];
  for (const variables of none) {
    assert.throws(() => page.window.chatauth.setContext(variables), { name: 'TypeError' });
  }
  await page.get();
  assert.deepEqual(JSON.parse(page.requests[0].body), { contextVariables: { cart: 1 } });
});
