// Takes the README's pictures into tools/LocalPortal/screenshots: node screenshots.mjs. Given a folder, takes all of
// them, into that one.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { noWalks, openPortal, startLocalPortal } from './local-portal.mjs';
import { root } from './dotnet.mjs';

const bert = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
const desk = { width: 1280, height: 1080 };
const phone = { width: 390, height: 844 };

async function openChat({ id, page }) {
  await page.getByLabel('Member of the coffee club').check();
  await id('sign-in-as').selectOption(bert);
  await id('start-chat').click();
  await id('agent-authenticated').filter({ hasText: 'Yes' }).waitFor();
  await id('chat-input').fill('My last bag has not arrived. Can you see where it is?');
  await id('chat-send').click();
  await id('chat-log').getByText('My last bag').waitFor();
}

async function beRefused(visit) {
  await openChat(visit);
  await visit.id('tampered-claim').click();
  await visit.id('agent-refusal').waitFor();
}

async function beInactive({ id }) {
  const inactive = id('sign-in-as').locator('option', { hasText: /inactive/i }).first();
  await id('sign-in-as').selectOption(await inactive.getAttribute('value'));
  await id('start-chat').click();
  await id('chat-error').waitFor();
}

async function reloadAfterAFailure(visit) {
  await openChat(visit);
  await visit.id('fail-next').click();
  await visit.id('said').filter({ hasText: '503' }).waitFor();
  await visit.id('reload-page').click();
  await visit.id('chat-log').getByText('loaded again').waitFor();
}

async function loadThePortalsOwn(visit) {
  await openChat(visit);
  await visit.id('portal-function').click();
  await visit.id('said').filter({ hasText: 'noticed' }).waitFor();
}

/** Name, what is done before, options of the browser; the whole page where it says so. */
const pictures = [
  ['light', openChat, { viewport: desk }],
  ['dark-refused', beRefused, { viewport: desk, colorScheme: 'dark' }],
  ['phone', openChat, { viewport: phone }],
];
const others = [
  ['light-all', openChat, { viewport: desk, all: true }],
  ['dark-all', openChat, { viewport: desk, colorScheme: 'dark', all: true }],
  ['light-refused', beRefused, { viewport: desk, all: true }],
  ['light-inactive', beInactive, { viewport: desk }],
  ['light-reloaded', reloadAfterAFailure, { viewport: desk, all: true }],
  ['dark-portals-own', loadThePortalsOwn, { viewport: desk, colorScheme: 'dark', all: true }],
  ['phone-portals-own', loadThePortalsOwn, { viewport: phone, all: true }],
  ['light-empty', async () => {}, { viewport: desk, all: true }],
  ['phone-all', openChat, { viewport: phone, all: true }],
  ['phone-dark-all', beRefused, { viewport: phone, colorScheme: 'dark', all: true }],
  ['sign-in', async () => {}, { viewport: desk, path: '/sign-in?returnUrl=/' }],
  ['phone-sign-in-dark', async () => {}, { viewport: phone, colorScheme: 'dark', path: '/sign-in?returnUrl=/' }],
];

if (noWalks) throw new Error(noWalks);
const folder = process.argv[2] ?? path.join(root, 'tools/LocalPortal/screenshots');
await mkdir(folder, { recursive: true });
const portal = await startLocalPortal();
try {
  for (const [name, act, { all = false, ...options }] of process.argv[2] ? [...pictures, ...others] : pictures) {
    const visit = await openPortal(portal, options);
    await act(visit);
    await visit.page.evaluate(() => scrollTo(0, 0));
    await visit.page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: all });
    await visit.close();
  }
} finally {
  await portal.close();
}
