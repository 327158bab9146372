// Every call is answered exactly once and in time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, heldNetwork, settle } from './page.mjs';

test('1,000 calls at once share one request, and each gets the token once', async () => {
  const page = new Page();
  const calls = Array.from({ length: 1000 }, () => page.ask());
  await settle();
  assert.equal(page.requests.length, 1);
  assert.ok(calls.every((answers) => answers.length === 1));
  assert.deepEqual([...new Set(calls.map(([{ args }]) => args.length + args[0]))].length, 1);
  assert.match(calls[0][0].args[0], /^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test('the same function passed twice is called twice', async () => {
  const page = new Page();
  let count = 0;
  const callback = () => count++;
  page.window.auth.getAuthenticationToken(callback);
  page.window.auth.getAuthenticationToken(callback);
  await settle();
  assert.equal(count, 2);
});

test('a call during a request joins it', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const first = page.ask();
  await page.pass(3000);
  const second = page.ask();
  await page.pass(3000);
  pending[0].respond(answer(page.issue()));
  await settle();
  assert.equal(pending.length, 1);
  assert.deepEqual(first[0].args, second[0].args);
});

test('a callback is never called before the function that takes it has returned', async () => {
  const page = new Page();
  await page.get();
  const answers = page.ask();
  assert.equal(answers.length, 0);
  await settle();
  assert.equal(answers.length, 1);
});

test('all three names and the promise give the same token', async () => {
  const page = new Page();
  const { window } = page;
  const [token] = await page.get();
  for (const name of ['authoriseChatWithCallback', 'lpGetAuthenticationToken']) {
    const answers = page.ask((callback) => window[name](callback));
    await settle();
    assert.deepEqual(answers[0].args, [token]);
  }
  assert.equal(await window.chatauth.getToken(), token);
  assert.equal(page.requests.length, 1);
});

test('the promise is rejected with the code and the message of the event', async () => {
  const page = new Page({ network: () => answer('', { status: 401 }) });
  await assert.rejects(page.window.chatauth.getToken(), { code: 'not-signed-in', message: /not signed in/ });
  assert.equal(page.errors[0].code, 'not-signed-in');
});

test('a callback that throws costs nobody else an answer, and its error surfaces after them', async () => {
  const page = new Page();
  const before = page.ask();
  page.window.auth.getAuthenticationToken(() => { throw new Error('of the page'); });
  const after = page.ask();
  await settle();
  assert.equal(before.length + after.length, 2);
  await assert.rejects(page.pass(10), /of the page/);
  assert.equal((await page.get()).length, 1);
});

test('a callback that throws on a failure costs nobody else an answer', async () => {
  const page = new Page({ network: () => { throw new TypeError('down'); } });
  page.window.auth.getAuthenticationToken(() => { throw new Error('of the page'); });
  const after = page.ask();
  await page.pass(399);
  assert.equal(after.length, 0);
  await assert.rejects(page.pass(10), /of the page/);
  assert.equal(after.length, 1);
});

test('a callback may ask again', async () => {
  const page = new Page();
  const inner = [];
  page.window.auth.getAuthenticationToken(() => page.window.auth.getAuthenticationToken((...args) => inner.push(args)));
  await settle();
  assert.equal(inner.length, 1);
  assert.equal(page.requests.length, 1);
});

test('a server that does not answer: the callback comes at 9 s, not before, and once', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await page.pass(8999);
  assert.equal(answers.length, 0);
  await page.pass(1);
  assert.equal(answers[0].args[0], null);
  assert.match(answers[0].args[1], /in time/);
  assert.deepEqual(page.errors.map(({ code }) => code), ['timeout']);
  assert.ok(pending[0].request.aborted);
  pending[0].respond(answer(page.issue()));
  await page.pass(20_000);
  assert.equal(answers.length, 1);
});

test('a slow server of 12 s: the callback came within 10 s, the token is not given late', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await page.pass(12_000);
  pending[0].respond(answer(page.issue()));
  await settle();
  assert.equal(answers.length, 1);
  assert.ok(answers[0].at - 5000 <= 9000);
});

test('each call has its own time: who joined late is asked for again when the first request is given up', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const first = page.ask();
  await page.pass(8000);
  const second = page.ask();
  await page.pass(1000);
  assert.equal(first.length, 1);
  assert.equal(second.length, 0);
  assert.equal(pending.length, 2);
  await page.pass(500);
  pending[1].respond(answer(page.issue()));
  await settle();
  assert.equal(second[0].args.length, 1);
});

test('data-timeout-ms is obeyed, held below the clients\' 10 s, and 9 s when it makes no sense', async () => {
  for (const [given, expected] of [['1500', 1500], ['60000', 9500], ['0', 9000], ['-5', 9000], ['soon', 9000]]) {
    const attributes = { tokenUrl: '/auth/token', timeoutMs: given };
    const page = new Page({ attributes, network: heldNetwork().network });
    const answers = page.ask();
    await page.pass(30_000);
    assert.equal(answers.length, 1, given);
    assert.equal(answers[0].at - 5000, expected, given);
  }
});

test('a tab that slept with a call open answers it as soon as it wakes', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await settle();
  page.sleep(3_600_000);
  await page.wake();
  assert.equal(answers.length, 1);
  assert.equal(answers[0].args[0], null);
  pending[0].respond(answer(page.issue()));
  await page.pass(20_000);
  assert.equal(answers.length, 1);
});

test('an answer from before the sleep is given to nobody, even where the steady clock slept too', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await settle();
  const old = page.issue();
  page.sleep(3_600_000, { steadyStops: true });
  pending[0].respond(answer(old));
  await settle();
  assert.equal(answers.length, 0);
  assert.equal(pending.length, 2);
  const fresh = page.issue();
  pending[1].respond(answer(fresh));
  await settle();
  assert.deepEqual(answers.map(({ args }) => args), [[fresh]]);
});

test('a request that broke because the machine slept is made again, not reported', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  const answers = page.ask();
  await settle();
  page.sleep(600_000, { steadyStops: true });
  pending[0].fail();
  await settle();
  pending[1].respond(answer(page.issue()));
  await settle();
  assert.equal(answers[0].args.length, 1);
  assert.deepEqual(page.errors, []);
});

test('a wall clock that is set right while a call is open costs no answer', async () => {
  const { network, pending } = heldNetwork();
  const page = new Page({ network });
  page.clockError = -7_200_000;
  const answers = page.ask();
  await settle();
  page.clockError = 0;
  pending[0].respond(answer(page.issue()));
  await settle();
  pending[1].respond(answer(page.issue()));
  await settle();
  assert.equal(answers[0].args.length, 1);
});

test('a wake-up by visibility checks the time, even when timers are still held back', async () => {
  const page = new Page({ network: heldNetwork().network });
  const answers = page.ask();
  await settle();
  page.sleep(60_000);
  await page.tell(page.document, 'visibilitychange');
  assert.equal(answers.length, 1);
  assert.equal(page.errors[0].code, 'timeout');
});

const outcomes = {
  'a token': (one, page) => one.respond(answer(page.issue())),
  'a failure': (one) => one.fail(),
};
for (const [outcome, end] of Object.entries(outcomes)) {
  test(`${outcome} after a call's time, while timers are held back, is not its answer: it was a timeout`, async () => {
    const { network, pending } = heldNetwork();
    const page = new Page({ network });
    const early = page.ask();
    await page.pass(5000);
    page.window.chatauth.reset();
    const later = page.ask();
    await settle();
    page.sleep(4500);
    end(pending[1], page);
    await settle();
    assert.match(early[0].args[1], /in time/);
    assert.equal(later.length, 1);
    assert.ok(!/in time/.test(later[0].args[1]));
    assert.equal(page.errors[0].code, 'timeout');
  });
}

test('a body that never ends is given up in time', async () => {
  const page = new Page({ network: () => ({ ...answer(''), text: () => new Promise(() => {}) }) });
  const answers = page.ask();
  await page.pass(9000);
  assert.equal(answers.length, 1);
});

test('after a failure the next call asks again', async () => {
  let up = false;
  const page = new Page({ network: () => { if (!up) throw new TypeError('down'); return answer(page.issue()); } });
  assert.equal((await page.get())[0], null);
  up = true;
  assert.equal((await page.get()).length, 1);
});

test('one failure is one event, however many calls it ends', async () => {
  const page = new Page({ network: () => { throw new TypeError('down'); } });
  const calls = Array.from({ length: 50 }, () => page.ask());
  await page.pass(400);
  assert.ok(calls.every((answers) => answers.length === 1 && answers[0].args[0] === null));
  assert.equal(page.errors.length, 1);
  assert.deepEqual(page.errors[0], { code: 'network', message: calls[0][0].args[1] });
});

test('no timer is left behind when nobody waits', async () => {
  const page = new Page();
  await page.get();
  assert.equal(page.timers.size, 0);
});

test('500 random scenes of 20 steps: every call is answered exactly once and within its time', async () => {
  let seed = 1;
  const random = (below) => { seed = (seed * 48271) % 2147483647; return seed % below; };
  for (let scene = 0; scene < 500; scene++) {
    const { network, pending } = heldNetwork();
    const page = new Page({ network });
    const calls = [];
    for (let step = 0; step < 20; step++) {
      switch (random(7)) {
        case 0: case 1: calls.push({ answers: page.ask(), from: page.steady }); break;
        case 2: pending.shift()?.respond(answer(page.issue({ life: 1 + random(300) }))); break;
        case 3: pending.shift()?.fail(); break;
        case 4: page.window.chatauth.setContext({ step }); break;
        case 5: page.window.chatauth.reset(); break;
        default: await page.pass(random(12_000));
      }
      await settle();
    }
    await page.pass(10_000);
    for (const { answers, from } of calls) {
      assert.equal(answers.length, 1, `scene ${scene}`);
      assert.ok(answers[0].at - from <= 9000, `scene ${scene}: ${answers[0].at - from} ms`);
    }
  }
});

test('timeoutMs changed during a call makes no flood of requests, however small', async () => {
  const page = new Page({ network: () => new Promise(() => {}) });
  page.ask();
  await settle();
  page.window.chatauth.configure({ timeoutMs: 1 });
  await page.pass(9500);
  assert.ok(page.requests.length <= 11, `${page.requests.length} requests`);
});

test('timeoutMs that is no number is refused by configure, and the calls go on', async () => {
  const page = new Page();
  assert.throws(() => page.window.chatauth.configure({ timeoutMs: Symbol('1') }), { name: 'TypeError' });
  for (const timeoutMs of [5000n, '5000', -1, 'soon', {}, null]) {
    page.window.chatauth.configure({ timeoutMs });
    assert.equal((await page.get()).length, 1);
  }
});
