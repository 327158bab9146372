// LivePerson's documented flow in a browser against LocalPortal's Live Assist desk: the identity function, and the chat
// in a window of its own, whose authentication endpoint is samples/aspnetcore's /auth/authorize.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noWalks, openPortal, patience, startLocalPortal } from './local-portal.mjs';

const bert = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
const inga = '5b0e1c8e-3f0a-4b57-8f3c-000000000007'; // whose contact is inactive
let portal;
before(async () => { if (!noWalks) portal = await startLocalPortal(); });
after(() => portal?.close());

const walk = (name, steps) => test(name, { skip: noWalks, timeout: 2 * patience }, async () => {
  const visit = await openPortal(portal, { path: '/?portal=custom' });
  try {
    await visit.id('chat-service').selectOption('liveassist');
    await visit.id('la-values').click();
    await becomes(visit.id('said'), 'Save them');
    await visit.id('la-save').click();
    await becomes(visit.id('said'), 'Live Assist is saved.');
    await steps(visit);
    assert.deepEqual(visit.errors, []);
  } finally {
    await visit.close();
  }
});

const text = async (locator) => (await locator.textContent()).trim();
const becomes = (locator, expected) => locator.filter({ hasText: expected }).waitFor();

/** Signs in, and waits until the page knows. */
async function signIn({ id }, contact) {
  await id('sign-in-as').selectOption(contact);
  await becomes(id('la-identity'), contact === 'none' ? 'null' : contact);
}

/** Opens the window; gives its page and every request of it, each with its answer. */
async function openWindow({ page, id }) {
  const seen = [];
  page.context().on('response', (response) => seen.push(response));
  const [popup] = await Promise.all([page.waitForEvent('popup'), id('la-window').click()]);
  popup.setDefaultTimeout(patience);
  return { popup, seen };
}

const said = (popup) => popup.getByTestId('window-said');
const endpoint = ({ url }) => url.split('?')[0].endsWith('/auth/authorize');
const answerOf = (seen) => seen.find((response) => endpoint({ url: response.url() }));

walk('an endpoint that is no https address opens no window, and says so', async (visit) => {
  const { id, page } = visit;
  const opened = [];
  page.context().on('page', (window) => opened.push(window.url()));
  for (const value of ['', ' ', '/auth/authorize', 'contosohelp.com/auth/authorize', 'javascript:alert(1)',
    'data:text/html,x', 'about:blank', 'mailto:a@b.example']) {
    await id('la-endpoint').fill(value);
    await id('la-window').click();
    await becomes(id('said'), value.trim() ? 'no https address' : 'Fill in the values first');
    await id('la-values').click();
    await becomes(id('said'), 'Save them');
  }
  assert.deepEqual(opened, []);
});

walk('the identity function says who is signed in, to the letters of the token, and null for nobody', async (visit) => {
  const { id, page } = visit;
  assert.equal(await text(id('la-identity')), 'null');
  await signIn(visit, bert);
  const told = JSON.parse(await text(id('la-identity')));
  assert.deepEqual(told, { iss: 'contosohelp.com', acr: 'loa1', sub: bert });
  await id('start-chat').click();
  await becomes(id('agent-contact-id'), bert);
  const { iss, sub } = JSON.parse(await id('token-payload').textContent());
  assert.deepEqual({ iss, sub }, { iss: told.iss, sub: told.sub });

  await page.reload();
  await id('chat-service').selectOption('liveassist');
  await becomes(id('la-identity'), bert);
  assert.equal(await page.evaluate(() => window.lpTag.identities.length), 1);
  await signIn(visit, 'none');
});

walk('a signed-in visitor chats in a window of its own, and its state comes back', async (visit) => {
  const { id, page } = visit;
  await signIn(visit, bert);
  const { popup, seen } = await openWindow(visit);
  await becomes(said(popup), 'You chat as Bert Hair.');
  const state = await page.evaluate(() => sessionStorage.getItem('window-state'));
  assert.equal(await text(popup.getByTestId('window-state')), state);
  await becomes(id('agent-contact-id'), bert);

  const answer = answerOf(seen);
  assert.equal(answer.status(), 302);
  const headers = answer.headers();
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['referrer-policy'], 'no-referrer');
  assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  const back = new URL(headers.location);
  assert.equal(back.search, '');
  assert.match(back.hash, /^#id_token=[\w-]+\.[\w-]+\.[\w-]+&state=[\w-]+$/);

  // No server is sent the token in an address or a referrer, and the window keeps it in neither.
  assert.equal(popup.url(), `${portal.url}/live-assist/window`);
  const [, token] = back.hash.split(/[=&]/);
  for (const response of seen) {
    const sent = await response.request().allHeaders();
    assert.ok(!response.url().split('#')[0].includes(token.slice(0, 20)), response.url());
    assert.ok(!(sent.referer ?? '').includes(token.slice(0, 20)));
  }
});

walk('an anonymous visitor signs in in the window and comes back into it', async (visit) => {
  const { popup } = await openWindow(visit);
  await popup.getByTestId('sign-in').waitFor();
  assert.match(popup.url(), /\/sign-in\?returnUrl=%2Fauth%2Fauthorize%3F/);
  await popup.getByTestId('sign-in-as').selectOption(bert);
  await popup.getByTestId('sign-in').click();
  await becomes(said(popup), 'You chat as Bert Hair.');
  const state = await visit.page.evaluate(() => sessionStorage.getItem('window-state'));
  assert.equal(await text(popup.getByTestId('window-state')), state);

  // The page that opened it knows who is signed in, and its buttons go on.
  await visit.page.waitForFunction((contact) => document.getElementById('sign-in-as').value === contact, bert);
  assert.equal(JSON.parse(await visit.id('la-identity').textContent()).sub, bert);
  await visit.id('la-values').click();
  await becomes(visit.id('said'), 'Save them');
});

walk('what the portal does not know is told on a page: nothing is redirected', async (visit) => {
  const { id } = visit;
  await signIn(visit, bert);
  const redirect = await id('la-redirect').inputValue();
  for (const [field, value, fault] of [
    ['la-redirect', 'https://evil.example/window', 'redirect_uri'],
    ['la-redirect', `${redirect}/`, 'redirect_uri'],
    ['la-redirect', `${redirect}#a`, 'redirect_uri'],
    ['la-redirect', '', 'redirect_uri'],
    ['la-client', 'LiveAssist', 'client_id'],
    ['la-client', '', 'client_id'],
  ]) {
    const before = await id(field).inputValue();
    await id(field).fill(value);
    const { popup, seen } = await openWindow(visit);
    await becomes(popup.locator('body'), `(${fault})`);
    assert.equal(answerOf(seen).status(), 400);
    assert.ok(popup.url().startsWith(`${portal.url}/auth/authorize?`), popup.url());
    assert.equal(await popup.evaluate(() => document.contentType), 'text/plain');
    await popup.close();
    await id(field).fill(before);
  }
});

walk('asked wrongly in other ways it is told on a page too', async (visit) => {
  await signIn(visit, bert);
  const page = await visit.page.context().newPage();
  const right = {
    response_type: 'id_token', client_id: 'liveassist', redirect_uri: `${portal.url}/live-assist/window`, state: 's',
  };
  const ask = async (changed) => {
    const response = await page.goto(`${portal.url}/auth/authorize?${new URLSearchParams({ ...right, ...changed })}`);
    return [response.status(), await page.locator('body').textContent(), page.url()];
  };
  for (const [changed, fault] of [
    [{ response_type: 'code' }, 'response_type'], [{ state: 's'.repeat(2001) }, 'state'],
  ]) {
    const [status, body, url] = await ask(changed);
    assert.equal(status, 400);
    assert.ok(body.includes(`(${fault})`), body);
    assert.ok(url.startsWith(`${portal.url}/auth/authorize?`), url);
  }
  const [, , url] = await ask({ state: 's'.repeat(2000), response_type: 'token' });
  assert.equal(url, `${portal.url}/live-assist/window`);
});

walk('a frame gets none', async (visit) => {
  await signIn(visit, bert);
  const page = await visit.page.context().newPage();
  const asked = `${portal.url}/auth/authorize?response_type=id_token&client_id=liveassist&redirect_uri=`
      + encodeURIComponent(`${portal.url}/live-assist/window`);
  const answered = page.waitForResponse((response) => endpoint({ url: response.url() }));
  await page.setContent(`<iframe src="${asked.replaceAll('&', '&amp;')}"></iframe>`);
  assert.equal((await answered).status(), 403);
});

walk('a refusal of ChatAuth comes back into the window in words of OAuth', async (visit) => {
  await signIn(visit, inga);
  const { popup, seen } = await openWindow(visit);
  await becomes(said(popup), 'The portal refuses you the chat.');
  const state = await visit.page.evaluate(() => sessionStorage.getItem('window-state'));
  assert.equal(new URL(answerOf(seen).headers().location).hash, `#error=access_denied&state=${state}`);
});

walk('a window takes no answer with the state of another', async (visit) => {
  await visit.page.goto(`${portal.url}/live-assist/window#id_token=a.b.c&state=other`);
  await becomes(said(visit.page), 'its state differs');
});
