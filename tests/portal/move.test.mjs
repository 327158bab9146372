// A site that gives its own token, as most sites do, and is moved to ChatAuth while pages are open
// (docs/power-pages.md, "From the portal's own token"): what fails, for how long, and what heals it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noWalks, openPortal, patience, startLocalPortal } from './local-portal.mjs';

const bert = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
let portal;
before(async () => { if (!noWalks) portal = await startLocalPortal(); });
after(() => portal?.close());

const text = async (locator) => (await locator.textContent()).trim();
const json = async (locator) => JSON.parse(await locator.textContent());
const becomes = (locator, expected) => locator.filter({ hasText: expected }).waitFor();

async function move({ id }, to) {
  await id('move-site').click();
  await becomes(id('said'), to);
}

/** A walk on a site that gives its own token, with as many open pages as it wants; afterwards it gives ChatAuth's. */
const walk = (name, steps) => test(name, { skip: noWalks, timeout: 2 * patience }, async () => {
  const administrator = await openPortal(portal);
  const visits = [administrator];
  const open = async () => {
    visits.push(await openPortal(portal));
    return visits.at(-1);
  };
  try {
    await move(administrator, 'gives its own token');
    await steps(open, administrator);
    for (const { errors } of visits) assert.deepEqual(errors, []);
  } finally {
    await administrator.page.goto(portal.url);
    const tag = administrator.page.locator('script[data-token-url]');
    if (/_services/.test(await tag.getAttribute('data-token-url'))) await move(administrator, 'gives ChatAuth');
    for (const visit of visits) await visit.close();
  }
});

async function chatAs({ id }, contact) {
  await id('sign-in-as').selectOption(contact);
  await id('start-chat').click();
}

walk('in front of the portal\'s own token chatauth.js gives it, and the contact pops', async (open) => {
  const visit = await open();
  const { id } = visit;
  await chatAs(visit, bert);
  await becomes(id('agent-contact-id'), bert);
  assert.equal(await text(id('agent-authenticated')), 'Yes');
  assert.deepEqual(await json(id('token-header')), { alg: 'RS256', typ: 'JWT' });
  const { iss, aud, lwicontexts } = await json(id('token-payload'));
  assert.deepEqual([iss, aud, lwicontexts], ['contosohelp.com', 'contoso-chat', undefined]);
  assert.match(await text(id('verified-by')), /_services\/auth\/publickey/);
  await id('pass-hour').click();
  await becomes(id('said'), 'An hour has passed');
  await id('chat-input').fill('Are you still there?');
  await id('chat-send').click();
  await becomes(id('chat-log'), 'Are you still there?');
  await id('set-back').click();
  await becomes(id('said'), 'right again');
});

walk('in front of it the next token request fails when it is asked to', async (open) => {
  const { id, page } = await open();
  const statuses = [];
  page.on('response', (response) => {
    if (response.url().includes('/_services/auth/token')) statuses.push(response.status());
  });
  await id('fail-next').click();
  await becomes(id('said'), '503');
  await chatAs({ id }, bert);
  await becomes(id('agent-contact-id'), bert);
  assert.deepEqual(statuses, [503, 200]);
});

walk('in front of it an anonymous visitor is sent to sign in and comes back into the chat', async (open) => {
  const { id, page } = await open();
  await id('start-chat').click();
  await page.waitForURL(/\/sign-in\?returnUrl=/);
  await id('sign-in-as').selectOption(bert);
  await id('sign-in').click();
  await becomes(id('agent-contact-id'), bert);
  assert.deepEqual(await json(id('token-header')), { alg: 'RS256', typ: 'JWT' });
});

walk('moved to ChatAuth, pages that are open fail until they are loaded again', async (open, administrator) => {
  const [chatting, idle] = [await open(), await open()];
  await chatAs(chatting, bert);
  await becomes(chatting.id('agent-contact-id'), bert);
  await idle.id('sign-in-as').selectOption(bert);

  await move(administrator, 'gives ChatAuth');
  await chatting.id('chat-input').fill('Not to be lost');
  await chatting.id('chat-send').click();
  await becomes(chatting.id('chat-error'), 'refused the token. Load the page again');
  assert.equal(await chatting.id('agent-refusal').getAttribute('data-code'), 'no-kid');
  assert.equal(await chatting.id('chat-input').inputValue(), 'Not to be lost');

  // Neither another try nor time heals it.
  await administrator.id('pass-hour').click();
  await becomes(administrator.id('said'), 'An hour has passed');
  for (const { id } of [chatting, idle]) {
    await id('start-chat').click();
    await becomes(id('chat-error'), 'refused the token. Load the page again');
    assert.equal(await id('agent-refusal').getAttribute('data-code'), 'no-kid');
  }

  // A page that is loaded asks ChatAuth.
  for (const { id, page } of [chatting, idle, await open()]) {
    await page.goto(portal.url);
    await chatAs({ id }, bert);
    await becomes(id('agent-contact-id'), bert);
    assert.match((await json(id('token-header'))).kid, /./);
    assert.ok(await id('chat-error').isHidden());
  }
  await administrator.id('set-back').click();
  await becomes(administrator.id('said'), 'right again');
});

walk('moved back to the portal\'s own token, it is the same the other way round', async (open, administrator) => {
  await move(administrator, 'gives ChatAuth');
  const visit = await open();
  const { id, page } = visit;
  await chatAs(visit, bert);
  await becomes(id('agent-contact-id'), bert);
  await move(administrator, 'gives its own token');
  await id('start-chat').click();
  await becomes(id('chat-error'), 'refused the token. Load the page again');
  assert.equal(await id('agent-refusal').getAttribute('data-code'), 'signature');
  await becomes(id('agent-refusal'), 'as when a site is moved');
  await page.goto(portal.url);
  await id('start-chat').click();
  await becomes(id('agent-contact-id'), bert);
});

walk('a client id that is not registered is told as not configured', async (open) => {
  const visit = await open();
  const { id, page } = visit;
  await page.evaluate(() => {
    document.querySelector('script[data-token-url]').dataset.tokenUrl = '/_services/auth/token?client_id=unknown';
  });
  await chatAs(visit, bert);
  await becomes(id('chat-error'), 'PortalSTS0001');
  assert.equal(await id('chat-error').getAttribute('data-code'), 'not-configured');
});
