// Live Assist as its two documents describe it (docs/seeds.md), in a browser, against LocalPortal's desk: one key that
// is pasted as a line, an issuer that is compared letter by letter, a function that is called by name.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noWalks, openPortal, patience, startLocalPortal } from './local-portal.mjs';

const bert = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
const methods = ['authoriseChatWithCallback', 'auth.getAuthenticationToken', 'lpGetAuthenticationToken'];
let portal;
before(async () => { if (!noWalks) portal = await startLocalPortal(); });
after(() => portal?.close());

const walk = (name, steps) => test(name, { skip: noWalks, timeout: 2 * patience }, async () => {
  const visit = await openPortal(portal);
  try {
    await visit.id('chat-service').selectOption('liveassist');
    await steps(visit);
    assert.deepEqual(visit.errors, []);
  } finally {
    await visit.close();
  }
});

const text = async (locator) => (await locator.textContent()).trim();
const becomes = (locator, expected) => locator.filter({ hasText: expected }).waitFor();

async function fill({ id }) {
  await id('la-values').click();
  await becomes(id('said'), 'Save them');
}

async function save({ id }) {
  await id('la-save').click();
  await becomes(id('said'), 'Live Assist is saved.');
}

async function chatAs({ id }, contact) {
  await id('sign-in-as').selectOption(contact);
  await id('start-chat').click();
}

walk('before a key is pasted every token is refused', async (visit) => {
  await chatAs(visit, bert);
  await becomes(visit.id('agent-refusal'), 'No JWT public key is pasted');
  await becomes(visit.id('chat-error'), 'for the site’s owner to mend');
  assert.equal(await visit.id('agent-refusal').getAttribute('data-code'), 'keys');
});

for (const method of methods) {
  walk(`${method} calls back with the token, and the contact pops`, async (visit) => {
    const { id } = visit;
    await fill(visit);
    assert.match(await id('la-key').inputValue(), /^MII[A-Za-z0-9+/]+=*$/);
    await save(visit);
    await id('la-method').selectOption(method);
    await chatAs(visit, bert);
    await becomes(id('agent-contact-id'), bert);
    assert.equal(await text(id('agent-authenticated')), 'Yes');
    assert.match(await text(id('verified-by')), /with the key that Live Assist's form shows/);
    const { sub, iss } = JSON.parse(await id('token-payload').textContent());
    assert.deepEqual([sub, iss], [bert, 'contosohelp.com']);
  });

  walk(`${method} calls back with null and a reason for a visitor who is not signed in`, async (visit) => {
    const { id } = visit;
    await id('la-method').selectOption(method);
    const answer = await visit.page.evaluate((name) => new Promise((done) => {
      // Stay here: a click of a moment ago would lead to the sign-in page.
      addEventListener('chatauth:error', (event) => event.preventDefault());
      name.split('.').reduce((owner, member) => owner[member], window)((...args) => done(args));
    }), method);
    assert.deepEqual(answer, [null, 'The visitor is not signed in. Sign in, then open the chat again.']);
  });

  walk(`${method} hands no token to an engagement of the code flow`, async (visit) => {
    const { id } = visit;
    await id('la-type').selectOption('code');
    await id('la-method').selectOption(method);
    await chatAs(visit, bert);
    await becomes(id('chat-error'), 'The chat is set to the code flow');
  });
}

// The functions of the documents themselves, in the place of chatauth.js's.
const reasonOfSeed = {
  authoriseChatWithCallback: 'Unable to generate key',
  'auth.getAuthenticationToken': 'Authentication was not successful.',
};
for (const [name, reason] of Object.entries(reasonOfSeed)) {
  walk(`${name} in the form of its document: a token, then null`, async (visit) => {
    const { id, page } = visit;
    await fill(visit);
    await save(visit);
    await id('la-method').selectOption(name);
    await chatAs(visit, bert);
    await becomes(id('agent-contact-id'), bert);
    await page.evaluate(async () => {
      const asked = [];
      let jwt = await window.chatauth.getToken();
      window.seed = { asked, lose() { jwt = null; } };
      const answer = (callback, ...reason) => {
        asked.push(jwt);
        if (jwt) callback(jwt);
        else callback(null, ...reason);
      };
      window.authoriseChatWithCallback = (callback) => answer(callback, 'Unable to generate key');
      window.auth.getAuthenticationToken = (callback) => answer(callback);
    });
    await id('start-chat').click();
    await becomes(id('agent-contact-id'), bert);
    await page.evaluate(() => window.seed.lose());
    await id('start-chat').click();
    await becomes(id('chat-error'), reason);
    assert.deepEqual(await page.evaluate(() => window.seed.asked.map(Boolean)), [true, false]);
  });
}

for (const issuer of ['https://contosohelp.com', 'ContosoHelp.com', 'contosohelp.com/', '']) {
  walk(`the issuer is compared letter by letter: "${issuer}" is another one`, async (visit) => {
    await fill(visit);
    await visit.id('la-issuer').fill(issuer);
    await save(visit);
    await chatAs(visit, bert);
    await becomes(visit.id('agent-refusal'), 'another issuer');
  });
}

walk('a key with line-breaks, a header or a footer is not saved', async (visit) => {
  const { id } = visit;
  await fill(visit);
  const line = await id('la-key').inputValue();
  for (const other of [line.replace(/.{64}/g, '$&\n'), `-----BEGIN PUBLIC KEY-----${line}-----END PUBLIC KEY-----`]) {
    await id('la-key').fill(other);
    await id('la-save').click();
    await becomes(id('said'), 'Paste it as one line');
    await fill(visit);
  }
  await id('la-key').fill(line.slice(0, 40));
  await id('la-save').click();
  await becomes(id('said'), 'no public key on one line');
  for (const nothing of ['', '  \n']) {
    await id('la-key').fill(nothing);
    await id('la-save').click();
    await becomes(id('said'), 'There is no JWT public key. Press "Fill in the values" first');
    await fill(visit);
  }
});

walk('a page load in mid-chat goes on with Live Assist\'s chat', async (visit) => {
  const { id, page } = visit;
  await fill(visit);
  await save(visit);
  await chatAs(visit, bert);
  await becomes(id('agent-contact-id'), bert);
  await id('reload-page').click();
  await becomes(id('chat-log'), 'since the page was loaded again. The conversation went on.');
  assert.equal(await id('chat-service').inputValue(), 'liveassist');
  assert.ok(await page.getByTestId('la-key').isVisible());
});

walk('a revoked key whose line is pasted is taken still, and that is said', async (visit) => {
  const { id } = visit;
  await fill(visit);
  await save(visit);
  await chatAs(visit, bert);
  await becomes(id('agent-contact-id'), bert);
  await id('revoke-now').click();
  await becomes(id('said'), 'Live Assist takes the tokens of the key that is pasted there until another is.');
  assert.equal(await text(id('agent-authenticated')), 'Yes');
});

walk('a key that was not shown cannot be pasted: what to press first is said beside the form', async ({ id, page }) => {
  await id('la-pasted').click();
  await becomes(page.locator('form', { has: id('la-pasted') }).locator('#said'), 'show the next line');
});

walk('a pasted key is rotated: nothing is refused until the next line is saved, nor once it signs', async (visit) => {
  const { id } = visit;
  await fill(visit);
  await save(visit);
  await chatAs(visit, bert);
  await becomes(id('agent-contact-id'), bert);
  const old = JSON.parse(await id('token-header').textContent()).kid;

  await id('la-rotate').click();
  await becomes(id('said'), 'Paste its line');
  const [line] = /MII[A-Za-z0-9+/]{300,}=*/.exec(await id('said').innerText());
  await id('pass-hour').click();
  await becomes(id('said'), 'An hour has passed');
  await id('start-chat').click();
  await becomes(id('agent-contact-id'), bert);
  assert.equal(JSON.parse(await id('token-header').textContent()).kid, old);

  await id('la-key').fill(line);
  await save(visit);
  await id('start-chat').click();
  await becomes(id('agent-refusal'), 'signature');
  await becomes(id('chat-error'), 'the key that is pasted below is another');
  await id('la-pasted').click();
  await becomes(id('said'), 'signs from');
  await id('start-chat').click();
  await becomes(id('agent-contact-id'), bert);
  assert.notEqual(JSON.parse(await id('token-header').textContent()).kid, old);

  // Omnichannel, which reads every key, has noticed nothing.
  await id('chat-service').selectOption('omnichannel');
  await id('start-chat').click();
  await becomes(id('agent-contact-id'), bert);
});
