// What a page says when its token endpoint fails, and that the chat's callback always comes in time.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { noWalks, openPortal, patience, startLocalPortal } from './local-portal.mjs';

const endpoints = { powerpages: '**/_api/serverlogics/chatauth-token', custom: '**/auth/token' };
const oops = '<!doctype html><title>Oops</title><p>Something went wrong';
const failures = {
  down: [(route) => route.abort('connectionrefused'), 'network', /reached|connection/i],
  slow: [async (route) => { await pass(12_000); await route.abort().catch(() => {}); }, 'timeout', /in time|too long/i],
  'answering with a page': [
    (route) => route.fulfill({ status: 200, contentType: 'text/html', body: oops }),
    'refused', /could not be confirmed|no chat token/i,
  ],
  failing: [(route) => route.fulfill({ status: 500, body: 'boom' }), 'network', /reached|connection/i],
};
let portal;
before(async () => { if (!noWalks) portal = await startLocalPortal(); });
after(() => portal?.close());

for (const [kind, endpoint] of Object.entries(endpoints)) {
  for (const [what, [answer, code, words]] of Object.entries(failures)) {
    const name = `on ${kind}, a token endpoint that is ${what}: the page says so within 10 seconds, then works again`;
    test(name, { skip: noWalks, timeout: 2 * patience }, async () => {
      const { page, id, close } = await openPortal(portal);
      try {
        await id('portal-kind').selectOption(kind);
        await id('sign-in-as').selectOption({ index: 1 });
        await page.evaluate(() => {
          const provider = window.chatauth.getAuthenticationToken;
          const getAuthenticationToken = (callback) => {
            const asked = performance.now();
            provider((...answer) => { window.waited = performance.now() - asked; callback(...answer); });
          };
          Object.defineProperty(window, 'chatauth', { value: { ...window.chatauth, getAuthenticationToken } });
        });
        await page.route(endpoint, answer);
        await id('start-chat').click();
        await id('chat-error').filter({ hasText: words }).waitFor();
        assert.equal(await id('chat-error').getAttribute('data-code'), code);
        assert.equal((await id('agent-authenticated').textContent()).trim(), 'No');
        const waited = await page.evaluate(() => window.waited);
        assert.ok(waited < 10_000, `the callback came after ${waited} ms`);
        await page.unroute(endpoint);
        await id('start-chat').click();
        await id('agent-authenticated').filter({ hasText: 'Yes' }).waitFor();
      } finally {
        await close();
      }
    });
  }
}
