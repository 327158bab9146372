// A token is reused while it is good for something, and never a moment longer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, heldNetwork, jwt, settle } from './page.mjs';

const hour = 3_600_000;
const withLife = (life, options = {}) => {
  const page = new Page({ network: () => answer(page.issue({ life })), ...options });
  return page;
};

const lives = [[3600, 3540], [900, 840], [121, 61], [120, 60], [119, 59.5], [60, 30], [10, 5], [1, 0.5]];
for (const [life, reused] of lives) {
  test(`a token of ${life} s is reused for ${reused} s`, async () => {
    const page = withLife(life);
    const [first] = await page.get();
    await page.pass(reused * 1000 - 1);
    assert.deepEqual(await page.get(), [first]);
    assert.equal(page.requests.length, 1);
    await page.pass(1);
    assert.notDeepEqual(await page.get(), [first]);
    assert.equal(page.requests.length, 2);
  });
}

test('life is counted from arrival, not from the asking', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  page.ask();
  await page.pass(5000);
  pending[0].respond(answer(page.issue()));
  await page.pass(839_999);
  assert.equal((await page.get()).length, 1);
  assert.equal(pending.length, 1);
});

test('a token without iat or exp is given once and not reused', async () => {
  for (const claims of [{}, { iat: 1_800_000_000 }, { exp: 1_800_000_900 }, { iat: 'x', exp: 'y' }]) {
    const page = new Page({ network: () => answer(jwt({ ...claims, jti: String(page.requests.length) })) });
    const waiting = [page.ask(), page.ask()];
    const first = await page.get();
    assert.equal(first.length, 1);
    assert.deepEqual(waiting.map(([{ args }]) => args), [first, first]);
    assert.notDeepEqual(await page.get(), first);
    assert.equal(page.requests.length, 2);
  }
});

test('exp and iat in milliseconds are understood, as the widget understands them', async () => {
  const page = new Page({ network: () => answer(jwt({ iat: page.trueTime, exp: page.trueTime + 900_000 })) });
  const [first] = await page.get();
  await page.pass(839_999);
  assert.deepEqual(await page.get(), [first]);
  assert.equal(page.requests.length, 1);
  await page.pass(1);
  assert.notDeepEqual(await page.get(), [first]);
});

test('a token that the portal kept for 10 of its 15 minutes is reused for 4', async () => {
  const page = new Page({ network: () => answer(old, { headers: { Date: new Date(page.trueTime).toUTCString() } }) });
  const old = jwt({ iat: page.trueTime / 1000 - 600, exp: page.trueTime / 1000 + 300 });
  await page.get();
  await page.pass(239_999);
  await page.get();
  assert.equal(page.requests.length, 1);
  await page.pass(1);
  await page.get();
  assert.equal(page.requests.length, 2);
});

test('a token that the portal kept until it expired is given to nobody: refused, not clock', async () => {
  const page = new Page({ network: () => answer(old, { headers: { Date: new Date(page.trueTime).toUTCString() } }) });
  const old = jwt({ iat: page.trueTime / 1000 - 901, exp: page.trueTime / 1000 - 1 });
  assert.match((await page.get())[1], /expired/);
  assert.equal(page.errors[0].code, 'refused');
});

test('a wall clock hours behind: the token is given, reused, and not longer than it lives', async () => {
  const page = withLife(900);
  page.clockError = -5 * hour;
  const [first] = await page.get();
  await page.pass(839_999);
  assert.deepEqual(await page.get(), [first]);
  await page.pass(1);
  assert.notDeepEqual(await page.get(), [first]);
});

test('a wall clock hours ahead: the widget would refuse, so the error says clock', async () => {
  const page = withLife(900);
  page.clockError = 5 * hour;
  const [nothing, message] = await page.get();
  assert.equal(nothing, null);
  assert.match(message, /clock of this computer/);
  assert.equal(page.errors[0].code, 'clock');
});

test('the border of clock is the widget\'s own: exp of this very second is given, one second past is not', async () => {
  const page = withLife(900);
  page.clockError = 900_000;
  assert.equal((await page.get()).length, 1);
  page.window.chatauth.reset();
  page.clockError = 901_000;
  assert.equal((await page.get())[0], null);
});

test('a wall clock 14 minutes ahead: what the widget takes for expired is never given again', async () => {
  const page = withLife(900);
  page.clockError = 14 * 60_000;
  const [first] = await page.get();
  await page.pass(60_000);
  assert.deepEqual(await page.get(), [first]);
  await page.pass(1000);
  const [second] = await page.get();
  assert.notEqual(second, first);
  assert.equal(page.requests.length, 2);
});

test('a wall clock that is set back or forward later changes nothing about the life of a token', async () => {
  const page = withLife(900);
  const [first] = await page.get();
  page.clockError = -3 * hour;
  await page.pass(839_999);
  assert.deepEqual(await page.get(), [first]);
  await page.pass(1);
  assert.notDeepEqual(await page.get(), [first]);
});

for (const steadyStops of [false, true]) {
  const steady = steadyStops ? 'stood still' : 'went on';
  test(`a token does not outlive a sleep in which the steady clock ${steady}`, async () => {
    const page = withLife(900);
    const [first] = await page.get();
    page.sleep(840_000, { steadyStops });
    assert.notDeepEqual(await page.get(), [first]);
  });
}

test('of 2,000 asks over a day no answer is stale, and there is one request per token', async () => {
  const page = withLife(900);
  for (let i = 0; i < 2000; i++) {
    await page.pass(43_200);
    const [token] = await page.get();
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    assert.ok(exp * 1000 > page.trueTime + 59_000);
  }
  assert.ok(page.requests.length <= 103, `${page.requests.length}`);
  await settle();
});
