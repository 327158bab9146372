// The portal that a person clicks through, started for a test file, and a browser on it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Starts LocalPortal on a free port, and Chromium (CHROMIUM names another than Debian's); gives { url, browser, close }. */
export async function startLocalPortal() {
  const portal = spawn('dotnet', ['run', '--no-build', '--project', 'tools/LocalPortal', '--', '--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(portal.stdout);
  const url = await new Promise((ready, failed) => {
    lines.on('line', (line) => line.startsWith('http') && ready(line));
    portal.on('exit', (code) => failed(new Error(`LocalPortal ended with ${code}: build it first`)));
  });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const ended = new Promise((exit) => portal.on('exit', exit));
  return { url, browser, close: async () => { await browser.close(); portal.kill('SIGINT'); await ended; } };
}

/** Opens the portal as a new visitor; `id` finds by data-testid, `errors` holds what the page's scripts did wrong. */
export async function openPortal({ url, browser }, { path = '/', ...options } = {}) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && errors.push(message.text()));
  await page.goto(url + path);
  return { page, errors, id: (name) => page.getByTestId(name), close: () => context.close() };
}
