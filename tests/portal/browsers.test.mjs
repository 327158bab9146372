// chatauth.js in real pages, in Chromium and in Firefox.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { fileOf, notFetched } from './fetch-widget.mjs';
import { notInstalled, startBrowser, startSite } from './browsers.mjs';
import { chatauthFile } from './page.mjs';

const tag = '<script src="/chatauth.js" data-token-url="/auth/token" data-sign-in-url="/sign-in"></script>';
const listen = '<script>window.told = []; addEventListener("chatauth:error", (e) => told.push(e.detail));</script>';

/** A page with these things in its head, after the tag or instead of it, and in its body. */
const page = (head = tag, body = '') =>
  `<!doctype html><title>Contoso</title><link rel="icon" href="data:,">${listen}${head}<body>${body}`;

/**
 * What a portal's own token script does, as the one in Microsoft's documentation: it keeps an auth that is there, puts
 * its function into it, and asks the portal's token service.
 */
const portalsOwn = `
  window.auth = window.auth || {};
  window.auth.getAuthenticationToken = function (callback) { callback('portal.own.token'); };`;

/** In the page: asks by a dotted name; gives the callback's arguments. */
const ask = (view, name) => view.evaluate((dotted) => new Promise((answered) => {
  dotted.split('.').reduce((owner, member) => owner[member], window)((...given) => answered(given));
}), name);
const told = (view) => view.evaluate(() => window.told.map(({ code }) => code));
const ours = 'chatauth.getAuthenticationToken';

for (const name of ['chromium', 'firefox']) {
  describe(`in ${name}`, { skip: notInstalled(name) }, () => {
    let site, elsewhere, browser;
    before(async () => {
      [site, elsewhere, browser] = await Promise.all([startSite(), startSite(), startBrowser(name)]);
    });
    after(async () => {
      await browser?.close();
      site?.close();
      elsewhere?.close();
    });

    /** Opens a page of the site. */
    const visit = async (html, { path = '/', ...furniture } = {}) => {
      site.furnish({ ...furniture, pages: { [path]: html, '/sign-in': page(), ...furniture.pages } });
      const view = await browser.open();
      await view.goto(site.url + path);
      return view;
    };

    test('every name gives the token', async () => {
      const view = await visit(page());
      const names = [
        ours, 'chatauth.getToken', 'auth.getAuthenticationToken', 'authoriseChatWithCallback',
        'lpGetAuthenticationToken',
      ];
      for (const each of names) assert.deepEqual(await ask(view, each), [site.tokens[0]]);
      assert.equal(await view.evaluate(() => window.chatauth.getToken()), site.tokens[0]);
      assert.deepEqual([site.requests.length, view.said], [1, []]);
    });

    test('one 503 is not noticed, and the second try comes 400 ms later', async () => {
      const view = await visit(page(), {
        answer: ({ visitor }, count) => (count === 1 ? [503] : site.issue(visitor)),
      });
      const from = Date.now();
      assert.equal((await ask(view, ours)).length, 1);
      assert.ok(Date.now() - from >= 400);
      assert.deepEqual([site.requests.length, await told(view)], [2, []]);
    });

    test('a stale anti-forgery token is replaced', async () => {
      const view = await visit(page(
          tag.replace(' data-sign', ' data-verification-url="/auth/antiforgery" data-sign'),
          '<input type="hidden" name="__RequestVerificationToken" value="for-somebody-else">'), {
        answer: ({ visitor, isGenuine }) => (isGenuine ? site.issue(visitor) : [400]),
      });
      assert.equal((await ask(view, ours)).length, 1);
      assert.deepEqual(
          site.requests.map(({ pathname }) => pathname), ['/auth/token', '/auth/antiforgery', '/auth/token']);
    });

    const auths = {
      'is frozen': 'window.auth = Object.freeze({ user: 1 })',
      'is a getter': 'Object.defineProperty(window, "auth", { get: () => Object.freeze({}) })',
      'is a text': 'window.auth = "signed in"',
      'was declared with var': 'var auth = Object.freeze({})',
    };
    for (const [what, script] of Object.entries(auths)) {
      test(`window.auth ${what}: the other names work, and it is told once`, async () => {
        const view = await visit(page(`<script>${script}</script>${tag}`));
        for (const each of [ours, 'authoriseChatWithCallback', 'lpGetAuthenticationToken', ours]) {
          assert.deepEqual(await ask(view, each), [site.tokens[0]]);
        }
        assert.deepEqual(await told(view), ['replaced']);
        assert.equal(view.said.filter((text) => /auth\.getAuthenticationToken/.test(text)).length, 1);
      });
    }

    const late = {
      'in the body': [tag, `<script>${portalsOwn}</script>`],
      'deferred': [`${tag}<script defer src="data:text/javascript,${encodeURIComponent(portalsOwn)}"></script>`],
      'while chatauth.js is async': [tag.replace('<script', '<script async'), `<script>addEventListener('load', () => {
        setTimeout(() => { ${portalsOwn} }); });</script>`],
      'as an auth of its own': [
        tag, '<script>var auth = { getAuthenticationToken(f) { f("portal.own.token"); } };</script>',
      ],
      'as a function': [tag, '<script>function authoriseChatWithCallback(f) { f("portal.own.token"); }</script>',
        'authoriseChatWithCallback'],
    };
    for (const [where, [head, body = '', taken = 'auth.getAuthenticationToken']] of Object.entries(late)) {
      test(`the portal's own token script later, ${where}: it is told, and our own name gives our token`, async () => {
        const view = await visit(page(head, body));
        await view.evaluate(() => new Promise((over) => setTimeout(over, 50)));
        assert.deepEqual(await ask(view, taken), ['portal.own.token']);
        assert.deepEqual(await ask(view, ours), [site.tokens[0]]);
        await view.evaluate(() => new Promise((over) => setTimeout(over)));
        assert.deepEqual(await told(view), ['replaced']);
        assert.equal(view.said.filter((text) => text.includes(taken)).length, 1);
      });
    }

    test('a base of another host changes no address', async () => {
      const absolute = tag.replace('/chatauth', `${site.url}/chatauth`);
      const view = await visit(page(`<base href="${elsewhere.url}/">${absolute}`));
      assert.deepEqual(await ask(view, ours), [site.tokens[0]]);
    });

    test('elements that bear the names of document\'s members take nothing away', async () => {
      const names = ['currentScript', 'querySelector', 'addEventListener', 'hidden', 'hasFocus', 'defaultView'];
      const images = names.map((each) => `<img name="${each}" data-token-url="/evil/token">`).join('');
      const view = await visit(page('', `${images}${tag}`));
      assert.deepEqual(await ask(view, ours), [site.tokens[0]]);
      assert.deepEqual(site.requests.map(({ pathname }) => pathname), ['/auth/token']);
    });

    test('the file works inside an inline script element', async () => {
      const source = readFileSync(chatauthFile, 'utf8');
      const view = await visit(page(`<script data-token-url="/auth/token">${source}</script>`));
      assert.deepEqual(await ask(view, ours), [site.tokens[0]]);
      assert.equal(await view.evaluate(() => document.body.textContent.trim()), '');
    });

    test('imported by an application, and configured by it', async () => {
      const view = await visit(page(`<script type="module">
        import '/chatauth.js';
        window.chatauth.configure({ tokenUrl: '/auth/token' });
        window.isReady = true;
      </script>`));
      await view.waitForFunction(() => window.isReady);
      assert.deepEqual(await ask(view, ours), [site.tokens[0]]);
    });

    test('a strict content security policy with a nonce', async () => {
      const policy = "default-src 'none'; script-src 'nonce-n1'; connect-src 'self'; img-src data:; base-uri 'none'";
      const html = page(tag).replaceAll('<script', '<script nonce="n1"');
      const view = await visit({ html, headers: { 'Content-Security-Policy': policy } });
      assert.deepEqual(await ask(view, ours), [site.tokens[0]]);
      assert.deepEqual(view.said.filter((text) => /security|policy/i.test(text)), []);
    });

    const anonymous = { answer: () => [401] };
    const chat = `<button id="chat" onclick="${ours}(() => {})">Chat</button><button id="cookies">Fine</button>`;
    const settled = (view) => pass(300).then(() => new URL(view.url()).pathname);

    test('a click on the chat sends an anonymous visitor to sign in; there, nothing takes one away', async () => {
      const pages = { '/sign-in': page(tag, chat) };
      const view = await visit(page(tag, chat), { ...anonymous, path: '/help', pages });
      await view.click('#chat');
      assert.equal(await settled(view), '/sign-in');
      assert.equal(new URL(view.url()).searchParams.get('returnUrl'), '/help');
      const there = view.url();
      await view.click('#chat');
      await pass(300);
      assert.equal(view.url(), there);
    });

    test('a chat that opens by itself takes nobody away', async () => {
      const view = await visit(page(tag, `${chat}<script>addEventListener('load', () => ${ours}(() => {}))</script>`), {
        ...anonymous, path: '/help',
      });
      assert.equal(await settled(view), '/help');
      assert.deepEqual(await told(view), ['not-signed-in']);
    });

    test('nor does a background call long after a click on something else', async () => {
      // 5 s is how long either browser takes a gesture for fresh.
      const later = `cookies.addEventListener('click', () => setTimeout(() => ${ours}(() => {}), 5200))`;
      const view = await visit(page(tag, `${chat}<script>${later}</script>`), { ...anonymous, path: '/help' });
      await view.click('#cookies');
      await pass(5400);
      assert.equal(await settled(view), '/help');
      assert.deepEqual(await told(view), ['not-signed-in']);
    });

    test('nor does a browser that cannot tell what a visitor did', async () => {
      const blind = 'Object.defineProperty(Navigator.prototype, "userActivation", { value: undefined })';
      const view = await visit(page(`<script>${blind}</script>${tag}`, chat), { ...anonymous, path: '/help' });
      await view.click('#chat');
      assert.equal(await settled(view), '/help');
    });

    test('optional sign-in: a click on the chat gives an anonymous visitor null, and no other page', async () => {
      const view = await visit(page(tag.replace(' data-sign', ' data-sign-in="optional" data-sign'), chat), {
        ...anonymous, path: '/help',
      });
      await view.click('#chat');
      assert.equal(await settled(view), '/help');
      assert.deepEqual(await ask(view, ours), [null]);
      assert.deepEqual(await told(view), []);
    });

    test('two windows: who signs in in one is who the other asks for', async () => {
      const view = await visit(page());
      const [first] = await ask(view, ours);
      const second = await browser.open(view);
      await second.goto(`${site.url}/sign-in`);
      await second.bringToFront();
      await second.evaluate(() => { document.cookie = 'visitor=elvira; path=/'; });
      // Neither library takes the focus of one page away for another: the events are the browser's, the moment is not.
      await view.evaluate(async () => {
        const { hasFocus } = Document.prototype;
        Document.prototype.hasFocus = () => false;
        window.dispatchEvent(new Event('blur'));
        await new Promise((over) => setTimeout(over, 10));
        Document.prototype.hasFocus = hasFocus;
        window.dispatchEvent(new Event('focus'));
      });
      const [after] = await ask(view, ours);
      assert.notEqual(after, first);
      assert.deepEqual(site.requests.map(({ visitor }) => visitor), ['bert', 'elvira']);
    });

    test('a frame that takes the focus and gives it back costs no token', async () => {
      const frame = '<iframe srcdoc="<button>Chat</button>"></iframe>';
      const view = await visit(page(tag, `${frame}<button id="cookies">Fine</button>`));
      const [first] = await ask(view, ours);
      await view.evaluate(() => {
        document.querySelector('iframe').contentDocument.querySelector('button').focus();
        document.querySelector('#cookies').focus();
      });
      await view.click('#cookies');
      assert.deepEqual(await ask(view, ours), [first]);
    });

    const skip = notFetched('applicationInsights');
    test('Application Insights, told to watch all it can, has no token in its telemetry', { skip }, async () => {
      const script = '/ai.js';
      const insights = `<script src="${script}"></script><script>
        window.insights = new Microsoft.ApplicationInsights.ApplicationInsights({ config: {
          connectionString:
            'InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=' + location.origin,
          enableAutoRouteTracking: true, enableRequestHeaderTracking: true, enableResponseHeaderTracking: true,
          enableAjaxErrorStatusText: true, enableAjaxPerfTracking: true, enableUnhandledPromiseRejectionTracking: true,
          enableCorsCorrelation: true, maxBatchInterval: 0,
        } });
        insights.loadAppInsights();
      </script>`;
      let wasDown = false;
      const field = '<input type="hidden" name="__RequestVerificationToken" value="for-bert">';
      const view = await visit(page(insights + tag, field), {
        scripts: { [script]: fileOf('applicationInsights', 'browser/es5/ai.3.4.4.min.js') },
        answer: ({ visitor }) => (wasDown ? site.issue(visitor) : ((wasDown = true), [503])),
      });
      const [token] = await ask(view, ours);
      assert.ok(token);
      site.answer = () => [403, JSON.stringify({ message: 'CHATAUTH1010: The visitor\'s contact is inactive.' })];
      await view.evaluate(() => {
        window.chatauth.reset();
        window.chatauth.getToken(); // rejected, and nobody catches it
        window.chatauth.getAuthenticationToken(() => { throw new Error('of the page'); });
      });
      await pass(300);
      await view.evaluate(() => window.insights.flush(true));
      await pass(700);
      const telemetry = site.requests.filter(({ pathname }) => pathname === '/v2/track').map(({ body }) => body).join();
      assert.match(telemetry, /RemoteDependencyData/);
      assert.match(telemetry, /\/auth\/token/);
      assert.match(telemetry, /of the page/);
      assert.match(telemetry, /for-bert/, 'what it watches of a request it has: its headers');
      for (const secret of [token, ...token.split('.').slice(1)]) assert.ok(!telemetry.includes(secret));
    });
  });
}
