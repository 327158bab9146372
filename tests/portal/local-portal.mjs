// The portal that a person clicks through, started for a test file, and a browser on it.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { notBuilt, start } from './dotnet.mjs';

// As Debian and Ubuntu name it; CHROMIUM names another.
const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

/** For the slowest machine; a test that passes never waits that long. */
export const patience = 60_000;

/** Why no browser can walk through the portal, as a test's skip; false when one can. */
export const noWalks = notBuilt('LocalPortal')
    || (existsSync(executablePath) ? false : `there is no ${executablePath}: install chromium, or name it in CHROMIUM`);

/** Starts LocalPortal on a free port, and Chromium; gives { url, browser, close }. */
export async function startLocalPortal() {
  const { line: url, stop } = await start('LocalPortal', '--port', '0');
  try {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: patience });
    return { url, browser, close: async () => { await browser.close(); await stop(); } };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Opens the portal as a new visitor; `id` finds by data-testid, `errors` holds what the page's scripts did wrong. */
export async function openPortal({ url, browser }, { path = '/', ...options } = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  await page.goto(url + path);
  return { page, errors, id: (name) => page.getByTestId(name), close: () => context.close() };
}
