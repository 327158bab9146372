// The portal as a visitor, an agent and an attacker see it, in a browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noWalks, openPortal, patience, startLocalPortal } from './local-portal.mjs';

const kinds = ['powerpages', 'custom'];
const bert = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
let portal;
before(async () => { if (!noWalks) portal = await startLocalPortal(); });
after(() => portal?.close());

/**
 * Runs a walk on a page of its own; whatever it does, no script of the page may fail and the content security policy
 * must hold.
 */
const walk = (name, steps, options) => test(name, { skip: noWalks, timeout: 2 * patience }, async () => {
  const visit = await openPortal(portal, options);
  try {
    await steps(visit);
    assert.deepEqual(visit.errors, []);
  } finally {
    await visit.close();
  }
});

const text = async (locator) => (await locator.textContent()).trim();
const json = async (locator) => JSON.parse(await locator.textContent());
const becomes = (locator, expected) => locator.filter({ hasText: expected }).waitFor();

async function chatAs({ id }, contact, kind) {
  if (kind) await id('portal-kind').selectOption(kind);
  await id('sign-in-as').selectOption(contact);
  await id('start-chat').click();
}

async function say({ id, page }, words) {
  await id('chat-input').fill(words);
  await id('chat-send').click();
  await page.getByTestId('chat-log').getByText(words).waitFor();
}

for (const kind of kinds) {
  walk(`on ${kind} every signed-in contact pops at the desk, and the inactive one is told why not`, async (visit) => {
    const { id } = visit;
    const options = await id('sign-in-as').locator('option').evaluateAll(
        (all) => all.map(({ value, text }) => ({ value, text })));
    const contacts = options.filter(({ value }) => value !== 'none');
    assert.ok(contacts.length >= 8);
    for (const { value, text: name } of contacts) {
      await chatAs(visit, value, kind);
      if (/inactive/i.test(name)) {
        await becomes(id('chat-error'), 'CHATAUTH1010');
        assert.equal(await text(id('agent-authenticated')), 'No');
        continue;
      }
      await becomes(id('agent-contact-id'), value);
      assert.equal(await text(id('agent-authenticated')), 'Yes');
      assert.ok((await text(id('agent-contact'))).length > 0);
      assert.equal((await json(id('token-payload'))).sub, value);
      assert.match(await text(id('agent-context')), new RegExp(value));
      assert.ok(await id('chat-error').isHidden());
    }
  });

  walk(`on ${kind} an anonymous visitor goes to sign-in and comes back into the chat`, async ({ id, page }) => {
    await id('portal-kind').selectOption(kind);
    await id('start-chat').click();
    await page.waitForURL(/\/sign-in\?returnUrl=/);
    await id('sign-in-as').selectOption(bert);
    await id('sign-in').click();
    await becomes(id('agent-authenticated'), 'Yes');
    assert.equal(await text(id('agent-contact-id')), bert);
    assert.equal(await id('portal-kind').inputValue(), kind);
  });

  walk(`on ${kind} the token expires in mid-chat and the chat goes on`, async (visit) => {
    const { id } = visit;
    await chatAs(visit, bert, kind);
    await becomes(id('agent-authenticated'), 'Yes');
    const first = await json(id('token-payload'));
    await id('pass-hour').click();
    await becomes(id('said'), 'An hour has passed');
    await becomes(id('time-left'), 'expired');
    await say(visit, 'Are you still there?');
    const second = await json(id('token-payload'));
    assert.ok(second.iat >= first.exp, `${second.iat} is not after ${first.exp}`);
    assert.notEqual(second.jti, first.jti);
    assert.equal(await text(id('agent-authenticated')), 'Yes');
  });

  walk(`on ${kind} a rotation in mid-chat goes unnoticed`, async (visit) => {
    const { id } = visit;
    await chatAs(visit, bert, kind);
    await becomes(id('agent-authenticated'), 'Yes');
    const { kid } = await json(id('token-header'));
    await id('rotate-now').click();
    await id('said').locator('p').first().waitFor();
    await say(visit, 'With the token of before');
    assert.equal((await json(id('token-header'))).kid, kid);
    await id('start-chat').click();
    await becomes(id('agent-authenticated'), 'Yes');
    await id('pass-hour').click();
    await say(visit, 'With a new token');
    assert.notEqual((await json(id('token-header'))).kid, kid);
    assert.ok(await id('chat-error').isHidden());
  });
}

for (const kind of kinds) {
  walk(`on ${kind} a failed token request at a reload in mid-chat: the conversation goes on`, async (visit) => {
    const { id, page } = visit;
    await chatAs(visit, bert, kind);
    await say(visit, 'Said before the reload');
    await id('fail-next').click();
    await becomes(id('said'), '503');
    await id('reload-page').click();
    await becomes(id('chat-log'), 'New token, since the page was loaded again. The conversation went on.');
    assert.match(await text(id('chat-log')), /Said before the reload/);
    assert.ok(await id('chat-error').isHidden());
    await say(visit, 'Said after the reload');
    assert.equal(await text(id('agent-contact-id')), bert);
    assert.equal(new URL(page.url()).pathname, '/');
  });

  walk(`on ${kind} another visitor signs in in a second tab: a new chat here is that visitor's`, async (visit) => {
    const { id, page } = visit;
    await chatAs(visit, bert, kind);
    await becomes(id('agent-contact-id'), bert);
    const [second] = await Promise.all([page.waitForEvent('popup'), id('second-visitor').click()]);
    const other = '5b0e1c8e-3f0a-4b57-8f3c-000000000002';
    await second.getByTestId('sign-in-as').selectOption(other);
    await second.getByTestId('sign-in').click();
    await second.getByTestId('start-chat').waitFor();
    // What a browser tells a window that comes back; the library keeps the focus on both.
    await page.evaluate(async () => {
      const { hasFocus } = Document.prototype;
      Document.prototype.hasFocus = () => false;
      window.dispatchEvent(new Event('blur'));
      await new Promise((over) => setTimeout(over, 10));
      Document.prototype.hasFocus = hasFocus;
      window.dispatchEvent(new Event('focus'));
    });
    await id('start-chat').click();
    await becomes(id('agent-contact-id'), other);
    assert.ok(await id('chat-error').isHidden());
  });

  walk(`on ${kind} the portal's own token script comes later: it is told, and the chat goes on`, async (visit) => {
    const { id } = visit;
    await id('portal-function').click();
    await becomes(id('said'), 'auth.getAuthenticationToken');
    await chatAs(visit, bert, kind);
    await becomes(id('agent-authenticated'), 'Yes');
    assert.ok(await id('chat-error').isHidden());
  });
}

walk('context variables travel from the page to the desk', async (visit) => {
  const { id, page } = visit;
  await page.getByLabel('Bags').fill('5');
  await page.getByLabel('Member of the coffee club').check();
  await chatAs(visit, bert);
  await becomes(id('agent-authenticated'), 'Yes');
  assert.match(await text(id('agent-context')), /msdyn_cartvalue\s*60\.00.*msdyn_isvip\s*true/s);
});

const attacks = [
  ['expired-token', 'expired', /expired/i],
  ['tampered-claim', 'signature', /signature|changed/i],
  ['foreign-key', 'unknown-kid', /key/i],
];
for (const [button, code, reason] of attacks) {
  walk(`the desk refuses what ${button} sends, in plain words, and the chat goes on`, async (visit) => {
    const { id } = visit;
    await chatAs(visit, bert);
    await becomes(id('agent-authenticated'), 'Yes');
    await id(button).click();
    await becomes(id('agent-authenticated'), 'No');
    assert.equal(await id('agent-refusal').getAttribute('data-code'), code);
    assert.match(await text(id('agent-refusal')), reason);
    await say(visit, 'It is me');
    assert.equal(await text(id('agent-authenticated')), 'Yes');
  });
}

walk('a revoked key\'s token is refused, and the next token is another key\'s', async (visit) => {
  const { id } = visit;
  await chatAs(visit, bert);
  await becomes(id('agent-authenticated'), 'Yes');
  const { kid } = await json(id('token-header'));
  await id('revoke-now').click();
  await becomes(id('agent-authenticated'), 'No');
  await chatAs(visit, bert);
  if (await id('chat-error').isVisible()) await id('start-chat').click();
  await becomes(id('agent-authenticated'), 'Yes');
  assert.notEqual((await json(id('token-header'))).kid, kid);
});

walk('rotated, then revoked, as the buttons stand: the token at hand is refused, its message kept', async (visit) => {
  const { id } = visit;
  await chatAs(visit, bert);
  await becomes(id('agent-authenticated'), 'Yes');
  const { kid } = await json(id('token-header'));
  await id('rotate-now').click();
  await id('said').locator('p').first().waitFor();
  assert.equal(await id('keys').inputValue(), kid);
  await id('revoke-now').click();
  await becomes(id('agent-authenticated'), 'No');
  assert.equal(await id('agent-refusal').getAttribute('data-code'), 'unknown-kid');
  assert.ok(!(await id('keys').locator('option').evaluateAll((all) => all.map(({ value }) => value))).includes(kid));
  await id('chat-input').fill('Not to be lost');
  await id('chat-send').click();
  await becomes(id('chat-error'), 'refused the token');
  await id('start-chat').click();
  await becomes(id('agent-authenticated'), 'Yes');
  assert.equal(await id('chat-input').inputValue(), 'Not to be lost');
  await id('set-back').click();
  await becomes(id('said'), 'right again');
});

walk('the verdict stays in sight of the buttons, and what was tampered with is marked', async (visit) => {
  const { id, page } = visit;
  await chatAs(visit, bert);
  await becomes(id('desk-echo'), 'authenticated, ');
  await id('tampered-claim').click();
  await becomes(id('desk-echo'), 'not authenticated');
  assert.ok(await page.evaluate(() => {
    const { top, bottom } = document.getElementById('desk-echo').getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }));
  assert.deepEqual(await page.locator('#claims tr.tampered th').allTextContents(), ['sub']);
  await id('foreign-key').click();
  await page.locator('#agent-refusal[data-code="unknown-kid"]').waitFor();
  assert.equal(await page.locator('#claims tr.tampered').count(), 0);
});

walk('an hour that passes without a chat leaves one to be started', async (visit) => {
  const { id } = visit;
  await id('pass-hour').click();
  await becomes(id('said'), 'An hour has passed. Start a chat');
  await chatAs(visit, bert);
  await becomes(id('agent-authenticated'), 'Yes');
  await id('set-back').click();
  await becomes(id('said'), 'right again');
});

walk('clocks that are set back before a key signs say so, and what helps', async (visit) => {
  const { id, page } = visit;
  await chatAs(visit, bert);
  await becomes(id('agent-authenticated'), 'Yes');
  await id('pass-hour').click();
  await becomes(id('said'), 'An hour has passed');
  const signing = () => id('keys').locator('option', { hasText: 'signs' });
  const kid = await signing().getAttribute('value');
  for (const other of await id('keys').locator('option').evaluateAll((all) => all.map(({ value }) => value))) {
    if (other === kid) continue;
    await id('keys').selectOption(other);
    await id('revoke-now').click();
    await becomes(id('said'), `${other} is revoked`);
  }
  await id('keys').selectOption(kid);
  await id('revoke-now').click();
  await becomes(id('said'), `${kid} is revoked`);
  await id('set-back').click();
  await becomes(id('said'), 'No key signs yet');
  await id('start-chat').click();
  await becomes(id('chat-error'), 'cannot open an authenticated chat yet');
  await id('rotate-now').click();
  await becomes(id('said'), 'signs from');
  await id('start-chat').click();
  await becomes(id('agent-authenticated'), 'Yes');
  await id('set-back').click();
  await becomes(id('said'), 'right again');
  assert.equal(await page.getByTestId('said').getByText('No key signs').count(), 0);
});

walk('the desk says which values a new token changed', async (visit) => {
  const { id, page } = visit;
  await chatAs(visit, bert);
  await becomes(id('agent-authenticated'), 'Yes');
  const before = (await text(id('agent-context'))).match(/msdyn_cartvalue\s*([0-9.]+)/)[1];
  await page.getByLabel('Bags').fill('7');
  await id('pass-hour').click();
  await becomes(id('said'), 'An hour has passed');
  await say(visit, 'Seven, please');
  await becomes(id('context-changed'), `msdyn_cartvalue was ${before}`);
  await id('set-back').click();
  await becomes(id('said'), 'right again');
});

walk('everything that matters is done by keyboard alone', async ({ id, page }) => {
  await id('sign-in-as').selectOption(bert);
  await id('start-chat').focus();
  await page.keyboard.press('Enter');
  await becomes(id('agent-authenticated'), 'Yes');
  await page.keyboard.type('Typed without a mouse');
  await page.keyboard.press('Enter');
  await becomes(id('chat-log'), 'Typed without a mouse');
});

walk('a phone shows it all without scrolling sideways', async (visit) => {
  await chatAs(visit, bert);
  await becomes(visit.id('agent-authenticated'), 'Yes');
  assert.ok(await visit.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
}, { viewport: { width: 390, height: 844 } });
