// Anonymous visitors are sent to sign-in, and never to another site.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page, answer, settle } from './page.mjs';

const anonymous = (options = {}) => new Page({
  attributes: { tokenUrl: '/auth/token', signInUrl: '/SignIn' },
  network: () => answer('', { status: 401 }),
  ...options,
});

test('an anonymous visitor is sent to sign-in with the way back, and the call is answered before that', async () => {
  const page = anonymous();
  let goneBefore;
  page.window.auth.getAuthenticationToken((token, message) => {
    goneBefore = page.assigned.length;
    assert.equal(token, null);
    assert.match(message, /Sign in/);
  });
  await settle();
  assert.equal(goneBefore, 0);
  assert.deepEqual(page.assigned, ['https://contosohelp.com/SignIn?returnUrl=%2Fhelp%3Fa%3D1%23top']);
});

test('every form of an anonymous answer leads to sign-in', async () => {
  for (const response of [
    answer('', { status: 403 }),
    answer({ Success: false, Data: null, Error: { Message: 'No web role' } }, { status: 403 }),
    answer('', { headers: { 'X-Responded-JSON': '{"status":401}' } }),
    answer('', { status: 0, type: 'opaqueredirect' }),
    answer('<input type=password>'),
    answer({ success: true, data: '{"status":401,"message":"x"}' }),
  ]) {
    const page = anonymous({ network: () => response });
    await page.get();
    assert.equal(page.assigned.length, 1);
  }
});

test('the parameters of data-sign-in-url stay, its returnUrl is replaced', async () => {
  const signInUrl = '/SignIn?provider=ad&returnUrl=https://evil.example';
  const page = anonymous({ attributes: { tokenUrl: '/t', signInUrl } });
  await page.get();
  assert.equal(page.assigned[0], 'https://contosohelp.com/SignIn?provider=ad&returnUrl=%2Fhelp%3Fa%3D1%23top');
});

test('returnUrl is a path of this site, whatever the address of the page', async () => {
  for (const path of ['//evil.example/x', '///evil.example', '/\\evil.example', '/']) {
    const page = anonymous({ href: `https://contosohelp.com${path}` });
    await page.get();
    const back = new URL(page.assigned[0]).searchParams.get('returnUrl');
    assert.match(back, /^\/($|[^/\\])/);
    assert.equal(new URL(back, 'https://contosohelp.com').origin, 'https://contosohelp.com');
  }
});

test('a data-sign-in-url of another origin or another scheme is not followed', async () => {
  const elsewhere = ['https://evil.example/SignIn', '//evil.example', 'javascript:alert(1)', 'data:text/html,x'];
  for (const signInUrl of elsewhere) {
    const page = anonymous({ attributes: { tokenUrl: '/t', signInUrl } });
    assert.equal((await page.get())[0], null);
    assert.deepEqual(page.assigned, []);
  }
});

test('without data-sign-in-url the visitor stays', async () => {
  const page = anonymous({ attributes: { tokenUrl: '/t' } });
  await page.get();
  assert.deepEqual(page.assigned, []);
});

test('a visitor who has not touched the page stays: a chat that opens by itself cannot go in circles', async () => {
  const page = anonymous();
  page.window.navigator.userActivation = { hasBeenActive: false };
  await page.get();
  assert.deepEqual(page.assigned, []);
  page.window.navigator.userActivation.hasBeenActive = true;
  await page.get();
  assert.equal(page.assigned.length, 1);
});

test('preventDefault() on chatauth:error keeps the visitor', async () => {
  const page = anonymous();
  page.window.addEventListener('chatauth:error', (event) => event.preventDefault());
  await page.get();
  assert.deepEqual(page.assigned, []);
});

test('no other failure leads to sign-in', async () => {
  const inactive = { status: 403, message: 'CHATAUTH1010: The visitor\'s contact is inactive. Activate it.' };
  for (const response of [['', { status: 500 }], ['', { status: 404 }], [''], ['no'], [inactive]]) {
    const page = anonymous({ network: () => answer(...response) });
    await page.get();
    assert.equal(page.errors.length, 1);
    assert.deepEqual(page.assigned, []);
  }
});
