/**
 * chatauth.js gives a chat client the signed-in visitor's token. Its tag: src "/chatauth.js", data-token-url
 * "/auth/token", or "/_api/serverlogics/chatauth-token" on Power Pages. An application that bundles it calls
 * chatauth.configure({ tokenUrl: '/auth/token' }) instead.
 *
 * data-token-url         where to POST for a token
 * data-verification-url  where a fresh anti-forgery token is read; Power Pages has its own
 * data-sign-in           "required", or "optional": who is not signed in chats without a token
 * data-sign-in-url       where an anonymous visitor who has just asked for the chat is sent with returnUrl
 * data-timeout-ms        a call is answered within this time: 9000, at most 9500, since the clients wait 10 s
 * data-register          "sdk": registers with the Omnichannel widget on lcw:ready
 *
 * All addresses are on this origin. The token URL gets {"contextVariables": {…}} with the site's cookies and, where
 * there is one, the anti-forgery token in the header __RequestVerificationToken. It answers the JWT as text or
 * {"token": "…"}, a refusal {"status": 403, "message": "…"} or a status of HTTP, in Power Pages' envelope or not.
 *
 * A token lives in this closure only: never stored, logged or shown, and dropped when the visitor may have changed:
 * another portal user in the page, the page leaving or coming back, its tab visible or its window active again. A site
 * that changes its visitor without a page load calls reset().
 */
(function () {
  'use strict';

  // No window: rendered on the server. A second script tag would keep a second token, out of reach of reset().
  if (typeof window === 'undefined' || (window.chatauth && window.chatauth.getToken)) return;

  const { location } = window;
  const usualWait = 400;      // ms before a failed request is made again, unless the site names a time
  const timeForRetry = 2000;  // ms that the oldest call must have left for that

  const messages = {
    'not-signed-in': 'The visitor is not signed in. Sign in, then open the chat again.',
    'not-configured': 'The site is not configured to issue chat tokens. Check data-token-url and run chatauth deploy.',
    'stale-page': 'This page is older than the visitor\'s session. Load the page again.',
    timeout: 'The site did not answer with a chat token in time. Open the chat again.',
    network: 'The site could not be reached for a chat token. Check the connection, then open the chat again.',
    refused: 'The site gave no chat token. If it stays so, tell the owner of the site.',
    clock: 'The clock of this computer is wrong: a new token looks expired. Set it, then open the chat again.',
  };
  const busy = 'Too many chat tokens were asked for. Wait a minute, then open the chat again.';
  const forbidden = 'The site gives this visitor no chat token: a web role may be missing. Tell the owner of the site.';

  /** An Error with one of the codes above; message replaces the code's own. */
  const failure = (code, message) => Object.assign(new Error(message || messages[code]), { code });

  // An element may bear any name of document's (DOM clobbering): these are read past it.
  const ofDocument = (name) => Reflect.get(Document.prototype, name, document);
  const find = (selector) => ofDocument('querySelector').call(document, selector);

  const optionNames = ['tokenUrl', 'verificationUrl', 'signIn', 'signInUrl', 'timeoutMs', 'register'];
  const configured = {};
  const script = [ofDocument('currentScript'), find('script[data-token-url]')]
    .find((element) => element instanceof HTMLScriptElement);

  /** What configure() was given, otherwise what the tag says. */
  const option = (name) => (configured[name] !== undefined ? configured[name] : script && script.dataset[name]);
  const isOptional = () => String(option('signIn')).toLowerCase() === 'optional';
  const timeout = () => (option('timeoutMs') > 0 ? Math.min(option('timeoutMs'), 9500) : 9000);

  /** An address on this origin, whatever base the page names; null for any other. */
  function ownUrl(address) {
    try {
      const url = new URL(address, location.href);
      return address && url.origin === location.origin ? url : null;
    } catch (e) {
      return null;
    }
  }

  let context = '{}';    // JSON of the context variables
  let token = null;      // { jwt, exp, reuse, at, visitor }: the one that may be reused
  let request = null;    // { at, visitor, controller }: the one under way, its second try included
  let calls = [];        // { due, gesture, done }: not answered yet, in the order of their asking
  let verification = {}; // { text, instead }: the anti-forgery token fetched, and the page's when it was
  let hasLeft = false;   // for the sign-in page
  let hasLostFocus = false;
  let timer, queued;

  // Age by the clock that says more: performance.now() may stand still while a machine sleeps, Date may be set back.
  const now = () => ({ steady: window.performance.now(), wall: Date.now() });
  const age = (at) => Math.max(window.performance.now() - at.steady, Date.now() - at.wall);

  /** Who Power Pages says is signed in, '' for nobody, null elsewhere. */
  function visitor() {
    try {
      const user = window.Microsoft.Dynamic365.Portal.User;
      return user.contactId || user.userName || '';
    } catch (e) {
      return null;
    }
  }

  /** The site takes the visitor for anonymous: where the page says signed in, the page is old. */
  const anonymous = () => failure(visitor() ? 'stale-page' : 'not-signed-in');

  /** exp as every chat client reads it: 13 digits are milliseconds. */
  const seconds = (date) => (date > 1e11 ? date / 1000 : Number(date));

  /** The widget compares with the visitor's wall clock, however wrong, without leeway. */
  const clientRefuses = (exp) => exp < Math.floor(Date.now() / 1000);

  /** Tells the page; false when a listener has prevented what would follow. */
  const tell = (code, message) => window.dispatchEvent(
      new CustomEvent('chatauth:error', { cancelable: true, detail: { code, message } }));

  // ---- calls and their answers

  function abandon() {
    if (request) request.controller.abort();
    request = null;
  }

  function drop() {
    token = null;
    abandon();
  }

  function renew() {
    drop();
    pump();
  }

  function ask(done) {
    inspectNames();
    // Whether the visitor asks or the widget by itself, only the time of the call tells.
    const { userActivation } = window.navigator;
    const gesture = Boolean(userActivation && userActivation.isActive);
    calls.push({ due: window.performance.now() + timeout(), gesture, done });
    if (!queued) queued = Promise.resolve().then(pump);
  }

  /** Answers one call; what its callback throws surfaces as the page's own error, later. */
  function answer(call, error, jwt) {
    try {
      call.done(error, jwt);
    } catch (e) {
      setTimeout(() => { throw e; });
    }
  }

  /** Gives everybody the token, until a callback resets it: then the rest is asked for again. */
  function deliver(issued) {
    while (token === issued && calls.length) answer(calls.shift(), null, issued.jwt);
  }

  function fail(list, error) {
    if (!list.length) return;
    if (error.code === 'not-signed-in' && isOptional()) {
      list.forEach((call) => answer(call, null, null));
      return;
    }
    const goesOn = tell(error.code, error.message);
    list.forEach((call) => answer(call, error));
    if (error.code === 'not-signed-in' && goesOn && list.some((call) => call.gesture)) signIn();
  }

  /** Fails the calls whose time is up. */
  function expire() {
    const steady = window.performance.now();
    const late = calls.filter((call) => call.due <= steady);
    calls = calls.filter((call) => call.due > steady);
    fail(late, failure('timeout'));
  }

  /** Brings everything up to date: every wake-up ends here. */
  function pump() {
    queued = 0;
    expire();
    const who = visitor();
    if (token && (token.visitor !== who || age(token.at) >= token.reuse || clientRefuses(token.exp))) token = null;
    if (request && (request.visitor !== who || age(request.at) >= timeout())) abandon();
    if (token) deliver(token);
    if (calls.length && !request) {
      if (who === '') fail(calls.splice(0), failure('not-signed-in'));
      else send(who);
    }
    clearTimeout(timer);
    if (request) {
      const left = calls.length ? calls[0].due - window.performance.now() : timeout();
      timer = setTimeout(pump, Math.ceil(Math.min(left, timeout() - age(request.at))));
    }
  }

  // ---- the request

  function send(who) {
    const controller = new AbortController();
    const mine = request = { at: now(), visitor: who, controller };

    // An answer counts only while nothing has changed. One older than the timeout came before the machine slept: when
    // its token was issued is unknown, so those who still wait are asked for again.
    const arrive = (action) => {
      if (request !== mine) return;
      request = null;
      if (mine.visitor === visitor() && age(mine.at) < timeout()) action();
      pump();
    };
    obtain(mine).then((issued) => arrive(() => {
      token = Object.assign(issued, { at: now(), visitor: who });
      expire();
      deliver(issued);
    }), (error) => arrive(() => {
      expire();
      fail(calls.splice(0), error);
    }));
  }

  /**
   * Asks for a token: once more after a failure that may pass, since a widget refused at a page load loses the running
   * conversation, and once more with a fresh anti-forgery token.
   */
  async function obtain({ at, controller: { signal } }) {
    for (let isFresh = false, isSecond = false; ;) {
      try {
        return await fetchToken(signal, isFresh);
      } catch (e) {
        const error = e.code in messages ? e : failure('network');
        if (signal.aborted || age(at) >= timeout()) throw error;
        if (error.maybeStale && !isFresh) isFresh = true;
        else if (error.code === 'network' && !isSecond && await hasPaused(error.retryAfter)) isSecond = true;
        else throw error;
      }
    }
  }

  /** Waits before a second try; false where the oldest call has no time for one. */
  async function hasPaused(wait = usualWait) {
    const left = calls.length ? calls[0].due - window.performance.now() : 0;
    if (left < timeForRetry || wait > left - timeForRetry / 2) return false;
    await new Promise((over) => setTimeout(over, wait));
    return true;
  }

  async function fetchToken(signal, isFresh) {
    const url = ownUrl(option('tokenUrl'));
    if (!url) throw failure('not-configured');
    const isPowerPages = url.pathname.startsWith('/_api/');

    // X-Requested-With: sites on OWIN then answer with X-Responded-JSON instead of a redirect to sign-in.
    const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'XMLHttpRequest' };
    const proof = await verificationToken(isPowerPages, isFresh, signal);
    if (proof) headers.__RequestVerificationToken = proof;
    const response = await get(url, { method: 'POST', headers, body: `{"contextVariables":${context}}`, signal });
    return read(response, await response.text(), isPowerPages, proof);
  }

  /** A request that neither leaves the origin nor follows a redirect, which leads to a sign-in page. */
  async function get(url, options) {
    const response = await window.fetch(url.href, Object.assign({
      credentials: 'same-origin', mode: 'same-origin', redirect: 'manual', cache: 'no-store',
    }, options));
    let challenge;
    try {
      challenge = JSON.parse(response.headers.get('X-Responded-JSON'));
    } catch (e) { /* none */ }
    if (response.type === 'opaqueredirect' || (challenge && Number(challenge.status) === 401)) throw anonymous();
    return response;
  }

  /**
   * The anti-forgery token: from Power Pages, which demands one, otherwise from the page's hidden field or from
   * data-verification-url; '' where there is none.
   */
  async function verificationToken(isPowerPages, isFresh, signal) {
    const { shell } = window;
    const hasShell = shell && shell.getTokenDeferred;
    if (hasShell && !isFresh) {
      try {
        const given = await shell.getTokenDeferred();
        if (given) return given;
      } catch (e) { /* ask the site */ }
    }
    if (isPowerPages || hasShell) {
      const response = await get(ownUrl('/_layout/tokenhtml'), { signal });
      const found = /value="([^"]+)"/.exec(await response.text());
      if (!response.ok || !found) throw isTransient(response.status) ? transient(response) : failure('refused');
      return found[1];
    }

    const field = find('input[name="__RequestVerificationToken"]');
    const written = (field && field.value) || '';
    if (verification.text && verification.instead === written && !isFresh) return verification.text;
    const source = ownUrl(option('verificationUrl'));
    if (!source || (written && !isFresh)) return written;
    const response = await get(source, { signal });
    if (isTransient(response.status)) throw transient(response);
    const text = (await response.text()).trim();
    verification = { text: response.ok && /^[!-~]+$/.test(text) ? text : '', instead: written };
    return verification.text || written;
  }

  const isTransient = (status) => status === 408 || status === 429 || status >= 500;

  /** A failure that may pass, with the ms that the site asks to wait. */
  function transient(response, status = response.status) {
    const given = response.headers.get('Retry-After');
    const wait = given === null ? NaN : isNaN(given) ? Date.parse(given) - Date.now() : given * 1000;
    const error = failure('network', status === 429 ? busy : '');
    return isNaN(wait) ? error : Object.assign(error, { retryAfter: Math.max(0, wait) });
  }

  /** Finds the token, or what is said instead, in any form of answer. */
  function unwrap(value, found) {
    if (typeof value === 'string') {
      const text = value.trim();
      if (!text || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) found.jwt = text;
      else {
        try {
          value = JSON.parse(text);
        } catch (e) {
          found.message = text;
          return found;
        }
        unwrap(value, found);
      }
    } else if (value) {
      const member = (name) => (name in value ? value[name] : value[name[0].toUpperCase() + name.slice(1)]);
      if (typeof value === 'object') {
        const error = member('error') || '';
        found.status = Number(member('status')) || found.status;
        found.message = member('message') || error.message || error.Message || error || found.message;
        if (member('success') === false) found.status = found.status || 400;
        unwrap(typeof member('token') === 'string' ? member('token') : member('data'), found);
      }
    } else if (value === null) found.jwt = '';
    return found;
  }

  /** Takes the answer of the token URL, gives { jwt, exp, reuse } or throws a failure. */
  function read(response, text, isPowerPages, proof) {
    // An envelope that only says that it failed does not hide the status of HTTP.
    const found = unwrap(text, { status: response.ok ? 0 : response.status });
    const status = found.status || response.status;

    // Only the product's own messages are passed on; they carry no personal data.
    const coded = /^CHATAUTH(\d)(\d{3}): /.exec(found.message);
    if (coded && coded[1] + coded[2] !== '1001') {
      throw failure(/[23]/.test(coded[1]) ? 'not-configured' : 'refused', found.message.slice(0, 500));
    }
    if (coded) throw visitor() ? failure('refused', forbidden) : failure('not-signed-in');
    // Power Pages says 401 to a wrong anti-forgery token too; frameworks say 400, 403 or 419.
    const maybeStale = isPowerPages || ownUrl(option('verificationUrl'));
    if (status === 401) throw Object.assign(anonymous(), { maybeStale: isPowerPages && response.status === 401 });
    if (status === 404 || status === 405) throw failure('not-configured');
    if (isTransient(status)) throw transient(response, status);

    if (status === 403) {
      const error = visitor() ? failure('refused', forbidden) : failure(isPowerPages ? 'not-signed-in' : 'refused');
      throw Object.assign(error, { maybeStale });
    }
    if ((status === 400 || status === 419) && (proof || /anti-?forgery|csrf/i.test(found.message))) {
      throw Object.assign(failure('stale-page'), { maybeStale });
    }
    if (status < 400 && found.jwt === '') throw failure('not-configured');
    if (status >= 400 || !found.jwt) {
      const isSignInPage = /^\s*</.test(text) && /type=["']?password|\b(sign|log)[-_ ]?in\b/i.test(text);
      throw isSignInPage ? anonymous() : failure('refused');
    }

    // Bytes above 127 come out of atob as other letters: no matter to JSON or to these two numbers.
    let claims;
    try {
      claims = JSON.parse(atob(found.jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
    } catch (e) { /* no claims */ }
    if (!claims) throw failure('refused');
    const exp = seconds(claims.exp);

    // Seconds left: as issued, or less by the server's own clock (a portal that keeps tokens). Unknown: not reused.
    const lives = [exp - seconds(claims.iat), exp - Date.parse(response.headers.get('Date')) / 1000]
      .filter((life) => !isNaN(life));
    const life = lives.length ? Math.min(...lives) : 0;
    if (lives.length && life <= 0) {
      throw failure('refused', 'The site gave a token that has expired already. Tell its owner.');
    }
    if (clientRefuses(exp)) throw failure('clock');
    return { jwt: found.jwt, exp, reuse: (life < 120 ? life / 2 : life - 60) * 1000 };
  }

  /** Goes to the sign-in page: once, and never from there, where a password may be half typed. */
  function signIn() {
    const url = ownUrl(option('signInUrl'));
    const page = (path) => path.toLowerCase().replace(/\/+$/, '');
    if (!url || hasLeft || page(url.pathname) === page(location.pathname)
        || /[?&]returnurl=/i.test(location.search)) return;
    hasLeft = true;
    // One slash only: //host would be another site.
    url.searchParams.set('returnUrl', '/' + location.pathname.replace(/^[/\\]+/, '') + location.search + location.hash);
    location.assign(url.href);
  }

  // ---- what the page and its chat clients call

  /**
   * Gives the chat client a token, as Omnichannel, Live Assist and LivePerson call it. A failure is also the event
   * chatauth:error on window, detail { code, message }; its preventDefault() keeps the visitor from the sign-in page.
   * @param {function(?string, string=): void} callback called once, later, in time: with the token, with null and a
   * message, or with null alone where sign-in is optional and the visitor is not signed in
   */
  function getAuthenticationToken(callback) {
    ask((error, jwt) => (error ? callback(null, error.message) : callback(jwt)));
  }

  /** Gives a token, or that null, as a promise, rejected with { code, message }; or to a callback. */
  function getToken(callback) {
    if (typeof callback === 'function') return getAuthenticationToken(callback);
    return new Promise((resolve, reject) => {
      ask((error, jwt) => (error ? reject(error) : resolve(jwt)));
    });
  }

  /** Sets options, whatever the tag says; those that are not named stay. */
  function configure(options) {
    const unknown = Object.keys(options).filter((name) => !optionNames.includes(name));
    if (unknown.length) throw new TypeError(`chatauth.configure takes ${optionNames.join(', ')}, not ${unknown}.`);
    Object.assign(configured, options);
    register();
    renew();
  }

  /** Sets the request variables of tokens from now on, all of them at once; null leaves one out, or all. */
  function setContext(variables) {
    const json = JSON.stringify(variables || {}, (name, value) => (value === null ? undefined : value));
    if (json === context) return;
    context = json;
    renew();
  }

  // What of the chat SDK 1.11 carries the token.
  const sdkCalls = [
    'getChatReconnectContext', 'startChat', 'endChat', 'getCurrentLiveChatContext', 'getConversationDetails',
    'getChatToken', 'emailLiveChatTranscript', 'getLiveChatTranscript', 'getPostChatSurveyContext',
    'getAgentAvailability', 'getPersistentChatHistory',
  ];
  const guarded = new WeakSet();

  /** Gives the bare chat SDK, its methods replaced, a fresh token before each call that carries one. */
  function guard(sdk) {
    if (guarded.has(sdk)) return sdk;
    guarded.add(sdk);
    sdkCalls.filter((name) => typeof sdk[name] === 'function').forEach((name) => {
      const call = sdk[name];
      sdk[name] = async (...args) => {
        const jwt = await getToken();
        // The SDK asks its provider again by itself, so that one asks for whoever is signed in then.
        if (jwt) await sdk.setAuthTokenProvider(() => getToken());
        else sdk.authenticatedUserToken = null;
        return call.apply(sdk, args);
      };
    });
    return sdk;
  }

  function register() {
    if (option('register') !== 'sdk') return;
    try {
      window.Microsoft.Omnichannel.LiveChatWidget.SDK.setAuthTokenProvider(getAuthenticationToken);
    } catch (e) { /* not ready yet */ }
  }

  // The names by which chat clients have always asked are open to every script: who takes one gives the chat another
  // token than ours. That is noticed at the next use, and told once.
  const sharedNames = ['auth.getAuthenticationToken', 'authoriseChatWithCallback', 'lpGetAuthenticationToken'];
  const told = new Set();
  let isInspecting = false;

  function inspectNames() {
    if (isInspecting) return;
    isInspecting = true;
    sharedNames.filter((name) => !told.has(name)).forEach((name) => {
      let found;
      try {
        found = name.split('.').reduce((owner, member) => owner[member], window);
      } catch (e) { /* not there */ }
      if (found === getAuthenticationToken) return;
      told.add(name);
      const message = `Another script has taken ${name}: a chat that asks by that name gets no token of chatauth.js. `
        + 'Remove the script, or let the chat ask by chatauth.getAuthenticationToken.';
      window.console.warn(message);
      Promise.resolve().then(() => tell('replaced', message));
    });
    isInspecting = false;
  }

  /** Puts a value under a name, which others may set as ever; reading it sets off an inspection. */
  function share(owner, name, value) {
    try {
      const { get: own } = Object.getOwnPropertyDescriptor(owner, name) || {};
      const get = () => { inspectNames(); return value; };
      const set = (other) => { value = other; };
      if (!own) Object.defineProperty(owner, name, { configurable: true, enumerable: true, get, set });
    } catch (e) { /* declared with var or function */ }
    try {
      owner[name] = value;
    } catch (e) { /* held fast */ }
  }

  function shareNames() {
    let auth;
    try {
      auth = window.auth || {};
    } catch (e) { /* the page's own getter */ }
    share(auth, 'getAuthenticationToken', getAuthenticationToken);
    share(window, 'auth', auth);
    sharedNames.slice(1).forEach((name) => share(window, name, getAuthenticationToken));
  }

  const api = Object.freeze({ getAuthenticationToken, getToken, configure, setContext, reset: renew, guard });
  try {
    Object.defineProperty(window, 'chatauth', { configurable: true, enumerable: true, value: api });
  } catch (e) {
    window.chatauth = api; // declared with var
  }
  shareNames();
  inspectNames();

  const comeBack = () => { hasLostFocus = false; renew(); };
  EventTarget.prototype.addEventListener.call(document, 'visibilitychange', () => {
    if (!ofDocument('hidden')) comeBack();
  });
  window.addEventListener('pagehide', drop);
  window.addEventListener('pageshow', (event) => { if (event.persisted) renew(); });
  // A frame that takes the focus, the chat's say, leaves it with the page: Firefox says so a moment later.
  window.addEventListener('blur', () => setTimeout(() => {
    hasLostFocus = hasLostFocus || !ofDocument('hasFocus').call(document);
  }));
  window.addEventListener('focus', () => { if (hasLostFocus) comeBack(); });
  window.addEventListener('load', inspectNames);
  window.addEventListener('lcw:ready', () => { inspectNames(); register(); });
  register();
})();
