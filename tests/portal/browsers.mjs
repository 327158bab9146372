// Chromium and Firefox, and a site for them that a test furnishes.
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { chatauthFile, jwt } from './page.mjs';

/** As Debian and Ubuntu name them; CHROMIUM and FIREFOX name others. */
export const executables = {
  chromium: process.env.CHROMIUM || '/usr/bin/chromium',
  firefox: process.env.FIREFOX || '/usr/bin/firefox-esr',
};

/** Why a browser cannot run, as a test's skip; false when it can. */
export const notInstalled = (name) => (existsSync(executables[name])
  ? false
  : `there is no ${executables[name]}: install ${name}, or name it in ${name.toUpperCase()}`);

// playwright-core drives Chromium and cannot drive Debian's Firefox; puppeteer-core can, over WebDriver BiDi.
const launch = {
  chromium: () => chromium.launch({ executablePath: executables.chromium, args: ['--no-sandbox'] }),
  firefox: () => puppeteer.launch({ browser: 'firefox', executablePath: executables.firefox, headless: true }),
};

/**
 * Starts a browser; gives { open, close }. open gives a page of both libraries' common members (goto, evaluate, click,
 * bringToFront, url) in a profile of its own, or in the one of another page.
 */
export async function startBrowser(name) {
  const browser = await launch[name]();
  const newContext = () => (browser.newContext ? browser.newContext() : browser.createBrowserContext());
  return {
    async open(beside) {
      const context = beside ? beside.profile : await newContext();
      const page = Object.assign(await context.newPage(), { profile: context, said: [] });
      page.on('console', (message) => page.said.push(message.text()));
      page.on('pageerror', (error) => page.said.push(String(error)));
      return page;
    },
    close: () => browser.close(),
  };
}

/**
 * A site on 127.0.0.1: `pages` holds what its addresses show (HTML, or { html, headers }), `answer` what its token URL
 * says to a request; `requests` are those of /auth/… and of /v2/track, with their bodies. Its visitor is a cookie.
 */
export async function startSite() {
  const site = { pages: {}, scripts: {}, requests: [], tokens: [] };
  const genuine = (visitor) => `for-${visitor}`;
  const types = { js: 'text/javascript', html: 'text/html; charset=utf-8' };

  /** A new token for a visitor. */
  site.issue = (visitor) => {
    const iat = Math.floor(Date.now() / 1000);
    const token = jwt({ iss: 'contosohelp.com', sub: visitor, iat, exp: iat + 900, jti: `${site.tokens.length}` });
    site.tokens.push(token);
    return [200, token];
  };
  site.furnish = ({ pages = {}, scripts = {}, answer = ({ visitor }) => site.issue(visitor) } = {}) => {
    Object.assign(site, { pages, scripts, answer });
    site.requests.length = site.tokens.length = 0;
  };

  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { pathname } = new URL(request.url, 'http://site');
    const visitor = /visitor=(\w+)/.exec(request.headers.cookie)?.[1] ?? 'bert';
    const send = (status, type, text, headers = {}) =>
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers }).end(text);
    if (pathname === '/chatauth.js') return send(200, types.js, readFileSync(chatauthFile));
    if (site.scripts[pathname]) return send(200, types.js, readFileSync(site.scripts[pathname]));
    if (pathname === '/auth/antiforgery') {
      site.requests.push({ pathname, visitor });
      return send(200, 'text/plain', genuine(visitor));
    }
    if (pathname === '/auth/token' || pathname === '/v2/track' || pathname === '/evil/token') {
      const asked = { pathname, visitor, headers: request.headers, body };
      asked.isGenuine = request.headers.__requestverificationtoken === genuine(visitor);
      site.requests.push(asked);
      if (pathname !== '/auth/token') return send(200, 'application/json', '{}');
      const [status, text = '', headers] = site.answer(asked, site.requests.length);
      return send(status, 'application/jwt', text, headers);
    }
    const page = site.pages[pathname];
    return page === undefined ? send(404, types.html, '<h1>Not here')
      : send(200, types.html, page.html ?? page, page.headers);
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => server.on('listening', ready));
  site.url = `http://127.0.0.1:${server.address().port}`;
  site.close = () => { server.close(); server.closeAllConnections(); };
  site.furnish();
  return site;
}
