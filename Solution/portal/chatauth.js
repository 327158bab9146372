/**
 * chatauth.js gives a chat client the signed-in visitor's token. Its tag: src "/chatauth.js", data-token-url
 * "/auth/token", or "/_api/serverlogics/chatauth-token" on Power Pages; in a bundle chatauth.configure({ tokenUrl }).
 *
 * data-token-url         where to POST for a token
 * data-verification-url  where a fresh anti-forgery token is read; Power Pages has its own
 * data-sign-in           "required", or "optional": who is not signed in chats without a token
 * data-sign-in-url       where an anonymous visitor who asks for the chat is sent
 * data-timeout-ms        9000, from 1000 to 9500: the clients wait 10 s
 * data-register          "sdk": registers with Omnichannel's widget
 *
 * All addresses are on this origin. The token URL gets {"contextVariables": {}} and the anti-forgery token in the
 * header __RequestVerificationToken; it answers the JWT, {"token": ""}, {"status": 403, "message": ""} or a status.
 *
 * A token lives here and in a guarded SDK only: never stored, logged or shown, and dropped when the visitor may have
 * changed: another portal user, the page left or seen again. A site without page loads calls reset().
 */
(function () {
'use strict';

/** What a function gives, undefined where it throws. */
function attempt(action) {
  try {
    return action();
  } catch (e) { /* undefined */ }
}

// No window: rendered on a server. A second tag would keep a second token, out of reach of reset().
if (typeof window === 'undefined' || attempt(() => typeof window.chatauth.getToken === 'function')) return;

const { location } = window;
const usualWait = 400;      // ms before a second try, unless the site names a time
const timeForRetry = 2000;  // ms that the oldest call must have left for it

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
const codeFlow = 'The chat is set to the code flow. Set its authentication to the implicit flow.';
const forbidden = 'The site gives this visitor no chat token: a web role may be missing. Tell the owner of the site.';

class Failure extends Error {}

/** An Error with a code; message replaces the code's own. */
const failure = (code, message) => Object.assign(new Failure(message || messages[code]), { code });

// Read past elements that bear a name of document's (DOM clobbering).
const ofDocument = (name) => Reflect.get(Document.prototype, name, document);
const find = (selector) => ofDocument('querySelector').call(document, selector);

const optionNames = ['tokenUrl', 'verificationUrl', 'signIn', 'signInUrl', 'timeoutMs', 'register'];
const configured = {};
const script = [ofDocument('currentScript'), find('script[data-token-url]')]
  .find((element) => element instanceof HTMLScriptElement);

const option = (name) => (configured[name] !== undefined ? configured[name] : script && script.dataset[name]);
const isOptional = () => String(option('signIn')).toLowerCase() === 'optional';
const timeout = () => Math.min(Math.max(option('timeoutMs') > 0 ? Number(option('timeoutMs')) : 9000, 1000), 9500);

/** An address on this origin, whatever the page's base, or nothing. */
const ownUrl = (address) => attempt(() => {
  const url = new URL(address, location.href);
  return address && url.origin === location.origin ? url : null;
});

let context = '{}';    // JSON of the context variables
let token = null;      // { jwt, exp, reuse, at, visitor }: the one that may be reused
let request = null;    // { at, visitor, controller }: the one under way, its second try included
let calls = [];        // { due, gesture, done, isRetried }: not answered yet, in the order of their asking
let heldUntil = 0;     // steady time until which the site has asked for no further requests
let verification = {}; // { text, instead }: the anti-forgery token fetched, and the page's when it was
let hasLeft = false;   // for the sign-in page
let hasLostFocus = false;
let timer, queued;

// By the clock that says more: performance.now() may stand still while a machine sleeps, Date may be set back.
const steady = () => window.performance.now();
const now = () => ({ steady: steady(), wall: Date.now() });
const age = (at) => Math.max(steady() - at.steady, Date.now() - at.wall);

/** Who Power Pages says is signed in, '' for nobody, undefined elsewhere. */
const visitor = () => attempt(() => {
  const user = window.Microsoft.Dynamic365.Portal.User;
  return user.contactId || user.userName || '';
});

/** For the site the visitor is anonymous: a page that says otherwise is old. */
const anonymous = () => failure(visitor() ? 'stale-page' : 'not-signed-in');

/** exp as every chat client reads it, 13 digits being milliseconds; NaN where it is no date. */
const seconds = (date) => (/^[1-9][\d.]*$/.test(date) ? date / (date > 1e11 ? 1000 : 1) : NaN);

/** As the widget does: by the visitor's clock, without leeway. */
const clientRefuses = (exp) => exp < Math.floor(Date.now() / 1000);

/** False when a listener prevents what would follow. */
const tell = (code, message) => window.dispatchEvent(
    new CustomEvent('chatauth:error', { cancelable: true, detail: { code, message } }));

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
  // Only the time of the call tells whether the visitor asks.
  const { userActivation } = window.navigator;
  const gesture = Boolean(userActivation && userActivation.isActive);
  calls.push({ due: steady() + timeout(), gesture, done });
  if (!queued) queued = Promise.resolve().then(pump);
}

/** What a callback throws is the page's own error, later. */
function answer(call, error, jwt) {
  try {
    call.done(error, jwt);
  } catch (e) {
    setTimeout(() => { throw e; });
  }
}

function deliver(issued) {
  while (token === issued && calls.length) answer(calls.shift(), null, issued.jwt);
}

function fail(list, error) {
  if (!list.length) return;
  const isAnonymous = error.code === 'not-signed-in';
  if (isAnonymous && isOptional()) {
    list.forEach((call) => answer(call, null, null));
    return;
  }
  const goesOn = tell(error.code, error.message);
  list.forEach((call) => answer(call, error));
  if (isAnonymous && goesOn && list.some((call) => call.gesture)) signIn();
}

function expire() {
  const time = steady();
  const late = calls.filter(({ due }) => due <= time);
  calls = calls.filter(({ due }) => due > time);
  fail(late, failure('timeout'));
}

/** Every wake-up ends here. */
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
    const left = calls.length ? calls[0].due - steady() : timeout();
    timer = setTimeout(pump, Math.ceil(Math.min(left, timeout() - age(request.at))));
  }
}

function send(who) {
  const controller = window.AbortController ? new AbortController() : { signal: {}, abort() {} };
  const mine = request = { at: now(), visitor: who, controller };

  // Counts only while nothing has changed; one older than the timeout came before the machine slept.
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
 * Asks once more after a failure that may pass, since a widget refused at a page load loses the running conversation,
 * and once more with a fresh anti-forgery token.
 */
async function obtain({ at, controller: { signal } }) {
  for (let isFresh = false; ;) {
    try {
      const retryAfter = heldUntil - steady();
      if (retryAfter > 50) throw Object.assign(failure('network', busy), { retryAfter });
      return await fetchToken(signal, isFresh);
    } catch (e) {
      const error = e instanceof Failure ? e : failure('network');
      if (signal.aborted || age(at) >= timeout()) throw error;
      if (error.maybeStale && !isFresh) isFresh = true;
      else if (error.code !== 'network' || !await hasPaused(error.retryAfter)) throw error;
    }
  }
}

/** False where the oldest call has had its second try, or no time for it. */
async function hasPaused(wait = usualWait) {
  const left = calls.length ? calls[0].due - steady() : 0;
  if (left < timeForRetry || wait > left - timeForRetry / 2 || calls[0].isRetried) return false;
  calls.forEach((call) => { call.isRetried = true; });
  await new Promise((over) => setTimeout(over, wait));
  return true;
}

async function fetchToken(signal, isFresh) {
  const url = ownUrl(option('tokenUrl'));
  if (!url) throw failure('not-configured');
  const isPowerPages = url.pathname.startsWith('/_api/');

  // Sites on OWIN then answer with X-Responded-JSON instead of a redirect.
  const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'XMLHttpRequest' };
  const proof = await verificationToken(isPowerPages, isFresh, signal);
  if (proof) headers.__RequestVerificationToken = proof;
  const response = await get(url, { method: 'POST', headers, body: `{"contextVariables":${context}}`, signal });
  if (isChallenge(response)) throw anonymous();
  return read(response, await response.text(), isPowerPages, proof);
}

const get = (url, options) => window.fetch(url.href, Object.assign({
  credentials: 'same-origin', mode: 'same-origin', redirect: 'manual', cache: 'no-store',
}, options));

/** By a redirect to a sign-in page, or in OWIN's header. */
const isChallenge = ({ type, headers }) => type === 'opaqueredirect'
    || attempt(() => Number(JSON.parse(headers.get('X-Responded-JSON')).status) === 401);

const proofOf = (text) => (/^[ -~]+$/.test(text) ? text : '');

/** Power Pages' own, otherwise that of the page's hidden field or of data-verification-url. */
async function verificationToken(isPowerPages, isFresh, signal) {
  const { shell } = window;
  const hasShell = shell && typeof shell.getTokenDeferred === 'function';
  if (hasShell && !isFresh) {
    try {
      const given = proofOf(await shell.getTokenDeferred());
      if (given) return given;
    } catch (e) { /* ask the site */ }
  }
  if (isPowerPages || hasShell) {
    const response = await get(ownUrl('/_layout/tokenhtml'), { signal });
    if (isChallenge(response)) throw anonymous();
    const found = /value="([!-~]+?)"/.exec(await response.text());
    if (!response.ok || !found) throw isTransient(response.status) ? transient(response) : failure('refused');
    return found[1];
  }

  const field = find('input[name="__RequestVerificationToken"]');
  const written = proofOf(field ? field.value : '');
  if (verification.text && verification.instead === written && !isFresh) return verification.text;
  const source = ownUrl(option('verificationUrl'));
  if (!source || (written && !isFresh)) return written;
  const response = await get(source, { signal });
  if (isTransient(response.status)) throw transient(response);
  // A redirect says nothing: the token URL tells who is signed in.
  const text = proofOf((await response.text()).trim());
  verification = { text: response.ok && !/[ <]/.test(text) ? text : '', instead: written };
  return verification.text || written;
}

const isTransient = (status) => status === 408 || status === 429 || status >= 500;

/** A failure that may pass, with the ms that the site asks to wait. */
function transient(response, status = response.status) {
  const given = response.headers.get('Retry-After') || '';
  const sent = Date.parse(response.headers.get('Date')) || Date.now();
  const wait = /^[\d.]+$/.test(given) ? given * 1000 : Date.parse(given) - sent;
  if (status === 429 && wait > 0) heldUntil = steady() + Math.min(wait, 60000);
  return Object.assign(failure('network', status === 429 ? busy : ''), wait >= 0 && { retryAfter: wait });
}

/** Finds the token, or what is said instead, in any form of answer. */
function unwrap(value, found) {
  if (typeof value === 'string') {
    const text = value.trim();
    if (!text || /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) found.jwt = text;
    else {
      const json = attempt(() => JSON.parse(text));
      if (json === undefined) found.message = text;
      else unwrap(json, found);
    }
  } else if (value) {
    const member = (name) => (name in value ? value[name] : value[name[0].toUpperCase() + name.slice(1)]);
    if (typeof value === 'object') {
      const error = member('error') || '';
      found.status = Number(member('status')) || found.status;
      found.errorId = member('errorId');
      found.message = member('message') || error.message || error.Message || error || found.message;
      if (member('success') === false) found.status = found.status || 400;
      unwrap(typeof member('token') === 'string' ? member('token') : member('data'), found);
    }
  } else if (value === null) found.jwt = '';
  return found;
}

/** Gives { jwt, exp, reuse } or throws a failure. */
function read(response, text, isPowerPages, proof) {
  const found = unwrap(text, { status: response.ok ? 0 : response.status });
  const status = found.status || response.status;

  // Only the product's own messages are passed on: they hold no personal data.
  const coded = /^CHATAUTH(\d)(\d{3}): /.exec(found.message);
  if (coded && coded[1] + coded[2] !== '1001') {
    throw failure(/[23]/.test(coded[1]) ? 'not-configured' : 'refused', found.message.slice(0, 500));
  }
  if (coded) throw visitor() ? failure('refused', forbidden) : failure('not-signed-in');
  if (/^PortalSTS\d+$/.test(found.errorId)) {
    throw failure('not-configured', `The portal's own token service fails: ${found.errorId}. Tell its owner.`);
  }
  // To a wrong anti-forgery token Power Pages says 401 too, frameworks 400, 403 or 419.
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
    // An error page may speak of signing in too.
    const isSignInPage = status < 400
      && /^\s*<[^]*(type\s*=\s*["']?password|<(title|h1)[^<]*\b(sign|log)[- ]?in\b)/i.test(text);
    throw isSignInPage ? anonymous() : failure('refused');
  }

  const claims = attempt(() => JSON.parse(atob(found.jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))));
  if (!claims) throw failure('refused');
  const exp = seconds(claims.exp);

  // Seconds left: as issued, or less by the server's clock. Unknown: not reused.
  const lives = [exp - seconds(claims.iat), exp - Date.parse(response.headers.get('Date')) / 1000]
    .filter((life) => !isNaN(life));
  const life = lives.length ? Math.min(...lives) : 0;
  if (lives.length && life <= 0) {
    throw failure('refused', 'The site gave a token that has expired already. Tell its owner.');
  }
  if (clientRefuses(exp)) throw failure('clock');
  return { jwt: found.jwt, exp, reuse: (life < 120 ? life / 2 : life - 60) * 1000 };
}

/** Goes to the sign-in page, once; never from there, where a password may be half typed. */
function signIn() {
  const url = ownUrl(option('signInUrl'));
  // Without its language (/en-US/SignIn), decoded.
  const page = (path) => (attempt(() => decodeURIComponent(path)) || path).toLowerCase()
      .replace(/^\/[a-z]{2,3}(-[a-z0-9]+)*(?=\/.)/, '').replace(/\/+$/, '');
  if (!url || hasLeft || page(url.pathname) === page(location.pathname)
      || /[?&]returnurl=/i.test(location.search)) return;
  hasLeft = true;
  // One slash only: //host would be another site.
  url.searchParams.set('returnUrl', '/' + location.pathname.replace(/^[/\\]+/, '') + location.search + location.hash);
  location.assign(url.href);
}

/**
 * Gives the callback a token, or null and a message (null alone: optional sign-in), once, later and in time. A failure
 * is also the event chatauth:error, whose preventDefault() keeps the visitor from the sign-in page.
 */
function getAuthenticationToken(callback, codeChallenge) {
  const done = (error, jwt) => (error ? callback(null, error.message) : callback(jwt));
  // LivePerson's code flow, which takes no JWT.
  if (typeof codeChallenge !== 'string') ask(done);
  else Promise.resolve().then(() => fail([{ done }], failure('not-configured', codeFlow)));
}

/** The same as a promise, rejected with { code, message }; or to a callback. */
function getToken(callback, codeChallenge) {
  if (typeof callback === 'function') return getAuthenticationToken(callback, codeChallenge);
  return new Promise((resolve, reject) => {
    ask((error, jwt) => (error ? reject(error) : resolve(jwt)));
  });
}

/** Sets options; those that are not named stay. */
function configure(options) {
  const unknown = Object.keys(options).filter((name) => !optionNames.includes(name));
  if (unknown.length) throw new TypeError(`chatauth.configure takes ${optionNames.join(', ')}, not ${unknown}.`);
  Number(options.timeoutMs); // throws what is none
  Object.assign(configured, options);
  register();
  renew();
}

/** Sets the request variables of tokens from now on, all of them at once; null leaves one out, or all. */
function setContext(variables) {
  // So is what JSON writes as null: NaN, Infinity.
  const isNull = (value) => value === null || JSON.stringify(value) === 'null';
  const json = JSON.stringify(variables || {}, (name, value) => (isNull(value) ? undefined : value));
  if (!/^{/.test(json)) throw new TypeError('chatauth.setContext takes an object of variables.');
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
let holdsToken = false; // the HTTP client that all SDKs of a page share

/**
 * Gives the bare chat SDK, its methods replaced, a fresh token before each call that carries one. Its HTTP client sends
 * the last token ever after: who has signed out must load the page again. A chat can always be ended.
 */
function guard(sdk) {
  if (guarded.has(sdk)) return sdk;
  const names = sdkCalls.filter((name) => sdk && typeof sdk[name] === 'function');
  if (!names.length || typeof sdk.setAuthTokenProvider !== 'function'
      || !names.every((name) => Reflect.set(sdk, name, sdk[name]))) {
    throw new TypeError('chatauth.guard takes a chat SDK whose methods can be replaced.');
  }
  guarded.add(sdk);
  names.forEach((name) => {
    const call = sdk[name];
    sdk[name] = async (...args) => {
      const isEnd = name === 'endChat';
      let jwt, isDown;
      try {
        jwt = await getToken();
      } catch (e) {
        if (!isEnd) throw e;
        isDown = e.code !== 'not-signed-in';
      }
      if (!isDown) sdk.authenticatedUserToken = jwt || null;
      // The SDK may ask its provider again: for whoever is signed in then.
      if (jwt) await sdk.setAuthTokenProvider(() => getToken());
      else if (holdsToken && !isDown) {
        if (!isEnd) throw failure('stale-page');
        args = [Object.assign({}, args[0], { isSessionEnded: true })]; // here, without a request
      }
      holdsToken = holdsToken || Boolean(jwt);

      // With authSettings the SDK needs a token.
      const { authSettings } = sdk;
      if (!jwt) sdk.authSettings = null;
      try {
        return await call.apply(sdk, args);
      } finally {
        sdk.authSettings = sdk.authSettings || authSettings;
      }
    };
  });
  return sdk;
}

function register() {
  if (option('register') !== 'sdk') return;
  // It may not be ready yet.
  attempt(() => window.Microsoft.Omnichannel.LiveChatWidget.SDK.setAuthTokenProvider(getAuthenticationToken));
}

// The names by which chat clients have always asked are open to every script: noticed at the next use, told once.
const sharedNames = ['auth.getAuthenticationToken', 'authoriseChatWithCallback', 'lpGetAuthenticationToken'];
const told = new Set();
let isInspecting = false;

function inspectNames() {
  if (isInspecting) return;
  isInspecting = true;
  sharedNames.filter((name) => !told.has(name)).forEach((name) => {
    const found = attempt(() => name.split('.').reduce((owner, member) => owner[member], window));
    if (found === getAuthenticationToken) return;
    told.add(name);
    const message = `Another script has set ${name}: unless it calls chatauth.js, a chat that asks by that name gets `
      + 'another token. Remove the script, or let the chat ask by chatauth.getAuthenticationToken.';
    Promise.resolve().then(() => {
      tell('replaced', message);
      window.console.warn(message);
    }).catch(() => {});
  });
  isInspecting = false;
}

/** Puts a value under a name, which others may set; reading it sets off an inspection. */
function share(owner, name, value) {
  // Not where it is declared with var or function.
  attempt(() => {
    const { get: own } = Object.getOwnPropertyDescriptor(owner, name) || {};
    const get = () => { inspectNames(); return value; };
    const set = (other) => { value = other; };
    if (!own) Object.defineProperty(owner, name, { configurable: true, enumerable: true, get, set });
  });
  attempt(() => { owner[name] = value; });
}

function shareNames() {
  const auth = attempt(() => window.auth || {});
  share(auth, 'getAuthenticationToken', getAuthenticationToken);
  share(window, 'auth', auth);
  sharedNames.slice(1).forEach((name) => share(window, name, getAuthenticationToken));
}

const api = Object.freeze({ getAuthenticationToken, getToken, configure, setContext, reset: renew, guard });
// Where it is declared with var it is set; where it is held fast, the shared names are left.
if (!Reflect.defineProperty(window, 'chatauth', { configurable: true, enumerable: true, value: api })) {
  Reflect.set(window, 'chatauth', api);
}
shareNames();
inspectNames();

const comeBack = () => { hasLostFocus = false; renew(); };
EventTarget.prototype.addEventListener.call(document, 'visibilitychange', () => {
  if (!ofDocument('hidden')) comeBack();
});
window.addEventListener('pagehide', drop);
window.addEventListener('pageshow', (event) => { if (event.persisted) renew(); });
// A frame that takes the focus leaves it with the page: Firefox says so a moment later.
window.addEventListener('blur', () => setTimeout(() => {
  hasLostFocus = hasLostFocus || !ofDocument('hasFocus').call(document);
}));
window.addEventListener('focus', () => { if (hasLostFocus) comeBack(); });
window.addEventListener('load', inspectNames);
window.addEventListener('lcw:ready', () => { inspectNames(); register(); });
register();
})();
