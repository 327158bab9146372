// One failed request costs nothing: a widget that is refused a token at a page load loses the running conversation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, heldNetwork, settle } from './page.mjs';

const dropped = () => { throw new TypeError('Failed to fetch'); };

/** A page whose first request is answered by `first`, and every later one with a token. */
const after = (first, options = {}) => {
  const page = new Page({ ...options, network: () => (page.requests.length > 1 ? answer(page.issue()) : first()) });
  return page;
};

const passing = {
  503: () => answer('', { status: 503 }),
  500: () => answer('boom', { status: 500 }),
  502: () => answer('<html>', { status: 502 }),
  504: () => answer('', { status: 504 }),
  429: () => answer('', { status: 429 }),
  408: () => answer('', { status: 408 }),
  'a failed fetch': dropped,
  'a body that breaks off': () => ({ ...answer(''), text: async () => { throw new TypeError('terminated'); } }),
  'the server logic\'s own 502': () => answer({ Success: true, Data: '{"status":502,"message":"x"}' }),
};
for (const [what, first] of Object.entries(passing)) {
  test(`after ${what} the request is made once more, 400 ms later, and nobody learns of it`, async () => {
    const page = after(first);
    const answers = page.ask();
    await page.pass(399);
    assert.deepEqual([answers.length, page.requests.length], [0, 1]);
    await page.pass(1);
    assert.equal(answers[0].args.length, 1);
    assert.deepEqual([page.requests.length, page.errors], [2, []]);
  });
}

test('after a second failure it is said, once', async () => {
  const page = new Page({ network: dropped });
  const calls = [page.ask(), page.ask()];
  await page.pass(5000);
  assert.ok(calls.every(([{ args }]) => args[0] === null && args.length === 2));
  assert.deepEqual([page.requests.length, page.errors.map(({ code }) => code)], [2, ['network']]);
});

test('what will not pass is not tried again', async () => {
  const coded = (code) => JSON.stringify({ error: { message: `CHATAUTH${code}: x.` } });
  const failures = [
    ['', { status: 401 }], ['', { status: 403 }], ['', { status: 404 }], ['', { status: 400 }], [''], ['OK'],
    [coded(3001), { status: 500 }], [coded(1010), { status: 503 }],
  ];
  for (const response of failures) {
    const page = new Page({ network: () => answer(...response) });
    page.ask();
    await page.pass(5000);
    assert.equal(page.requests.length, 1);
  }
});

for (const [header, wait] of [['3', 3000], ['0', 0], ['0.5', 500], ['soon', 400]]) {
  test(`Retry-After: ${header} is heard: the second try comes after ${wait} ms`, async () => {
    const page = after(() => answer('', { status: 503, headers: { 'Retry-After': header } }));
    const answers = page.ask();
    await settle();
    await page.pass(Math.max(0, wait - 2));
    assert.equal(page.requests.length, 1);
    await page.pass(2);
    assert.equal(answers[0].args.length, 1);
  });
}

test('Retry-After may be a date', async () => {
  const page = after(() => answer('', {
    status: 429, headers: { 'Retry-After': new Date(page.trueTime + 4000).toUTCString() },
  }));
  const answers = page.ask();
  await page.pass(3990);
  assert.equal(page.requests.length, 1);
  await page.pass(20);
  assert.equal(answers[0].args.length, 1);
});

test('a site that asks for more time than a call has: the call is answered at once, the site left alone', async () => {
  for (const header of ['9', '60', '86400', new Date(1_800_000_600_000).toUTCString()]) {
    const page = new Page({ network: () => answer('', { status: 429, headers: { 'Retry-After': header } }) });
    const answers = page.ask();
    await settle();
    assert.equal(answers.length, 1);
    await page.pass(20_000);
    assert.equal(page.requests.length, 1);
  }
});

test('the oldest call decides: with less than 2 s left it is answered, with 2 s it is tried again', async () => {
  for (const [spent, requests] of [[6999, 2], [7000, 2], [7001, 1]]) {
    const { network, pending } = heldNetwork();
    const page = new Page({ network });
    const answers = page.ask();
    await page.pass(spent);
    pending[0].fail();
    await page.pass(400);
    assert.equal(pending.length, requests, `${spent}`);
    assert.equal(answers.length, requests === 1 ? 1 : 0);
  }
});

test('a second try that is not answered: the call still ends at 9 s, and is answered once', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await page.pass(6000);
  pending[0].fail();
  await page.pass(2999);
  assert.deepEqual([answers.length, pending.length], [0, 2]);
  await page.pass(1);
  assert.equal(page.errors[0].code, 'timeout');
  pending[1].respond(answer(page.issue()));
  await page.pass(20_000);
  assert.equal(answers.length, 1);
});

test('who asks while the page waits for its second try joins it', async () => {
  const page = after(dropped);
  const first = page.ask();
  await page.pass(200);
  const second = page.ask();
  await page.pass(200);
  assert.deepEqual(first[0].args, second[0].args);
  assert.equal(page.requests.length, 2);
});

test('a reset while the page waits: nothing of the old request is sent, who waits is asked for at once', async () => {
  const page = after(dropped);
  const answers = page.ask();
  await settle();
  page.window.chatauth.reset();
  await settle();
  assert.equal(answers[0].args.length, 1);
  await page.pass(5000);
  assert.equal(page.requests.filter(({ aborted }) => !aborted).length, 2);
});

test('the second try has what the first had: body, cookies, anti-forgery token', async () => {
  const page = after(() => answer('', { status: 503 }));
  page.field = { value: 'genuine' };
  page.window.chatauth.setContext({ cart: 1 });
  await page.get();
  const [first, second] = page.requests.map(({ url, method, headers, body, credentials, redirect }) =>
    ({ url, method, headers, body, credentials, redirect }));
  assert.deepEqual(second, first);
});

test('a reset in the middle of the second try leaves one answer', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await settle();
  pending[0].fail();
  await page.pass(400);
  page.window.chatauth.reset();
  await settle();
  pending[1].respond(answer(page.issue()));
  const fresh = page.issue();
  pending[2].respond(answer(fresh));
  await settle();
  assert.deepEqual(answers.map(({ args }) => args), [[fresh]]);
});

for (const header of ['', ' ', '-5', '5, 5', 'wait 5', '-', '1e', 'Thu, 01 Jan 1970 00:00:00 GMT']) {
  test(`Retry-After: "${header}" names no time to come: the second try comes after 400 ms`, async () => {
    const page = after(() => answer('', { status: 503, headers: { 'Retry-After': header } }));
    page.ask();
    await page.pass(399);
    assert.equal(page.requests.length, 1);
    await page.pass(1);
    assert.equal(page.requests.length, 2);
  });
}

test('a Retry-After that is a date is measured by the clock that wrote it, not by the visitor\'s', async () => {
  for (const clockError of [-3_600_000, 0, 3_600_000]) {
    const page = after(() => answer('', {
      status: 503,
      headers: {
        Date: new Date(page.trueTime).toUTCString(), 'Retry-After': new Date(page.trueTime + 2000).toUTCString(),
      },
    }));
    page.clockError = clockError;
    page.ask();
    await page.pass(1999);
    assert.equal(page.requests.length, 1);
    await page.pass(1);
    assert.equal(page.requests.length, 2);
  }
});

test('who asks on while the site has asked to wait is told so, and the site is not', async () => {
  const page = new Page({ network: () => answer('', { status: 429, headers: { 'Retry-After': '30' } }) });
  for (let i = 0; i < 20; i++) {
    const answers = page.ask();
    page.window.chatauth.reset();
    await page.pass(1000);
    assert.match(answers[0].args[1], /Too many/);
  }
  assert.equal(page.requests.length, 1);
  page.network = () => answer(page.issue());
  await page.pass(30_000);
  assert.equal((await page.get()).length, 1);
});

test('a page that resets during its calls gets no further tries for them', async () => {
  const page = new Page({ network: () => answer('', { status: 503 }) });
  page.ask();
  for (let i = 0; i < 8; i++) {
    await page.pass(500);
    page.window.chatauth.reset();
  }
  assert.ok(page.requests.length <= 3, `${page.requests.length} requests`);
});

test('a fetch that rejects with anything is a failure of the network, and is tried again', async () => {
  for (const reason of [undefined, null, 'text', 5, { code: 'not-signed-in' }, { code: 'constructor' }]) {
    const page = new Page({ network: () => Promise.reject(reason) });
    const answers = page.ask();
    await page.pass(1000);
    assert.match(answers[0].args[1], /could not be reached/);
    assert.deepEqual([page.requests.length, page.errors[0].code], [2, 'network']);
  }
});

test('a browser without AbortController gets its token', async () => {
  const page = new Page({ globals: { AbortController: undefined } });
  assert.equal((await page.get()).length, 1);
});
