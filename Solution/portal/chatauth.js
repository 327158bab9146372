/**
 * chatauth.js gives a chat client the signed-in visitor's token. One script tag, no dependency:
 *
 *   <script src="/chatauth.js" data-token-url="/auth/token"></script>
 *
 * data-token-url    where to POST for a token, on this origin; /_api/serverlogics/chatauth-token on Power Pages
 * data-sign-in-url  optional, on this origin: an anonymous visitor who has touched the page is sent there with
 *                   returnUrl
 * data-timeout-ms   a call is answered within this time; 9000 unless given, at most 9500, since the clients wait 10 s
 * data-register     "sdk": registers with the Omnichannel widget on lcw:ready
 *
 * The token URL gets a POST of {"contextVariables": {…}} with the site's cookies and, where there is one, the
 * anti-forgery token in the header __RequestVerificationToken. It answers the JWT as text, {"token": "…"}, a refusal
 * {"status": 403, "message": "…"} or a status of HTTP; Power Pages' envelope around any of these is taken off.
 *
 * Policy: a token lives in this closure only. It is never stored, logged or shown, and is dropped whenever the visitor
 * may have changed: reset(), another portal user in the page, the page leaving or coming back (back-forward cache),
 * the tab becoming visible again (signing in and out happens in other tabs too). A site that changes its visitor
 * without a page load calls reset().
 */
(function (window, document) {
  'use strict';

  // A second script tag would keep a second token, out of reach of reset().
  if (window.chatauth && window.chatauth.getToken) return;

  const script = document.currentScript || document.querySelector('script[data-token-url]');
  const attributes = script ? script.dataset : {};
  const timeout = attributes.timeoutMs > 0 ? Math.min(attributes.timeoutMs, 9500) : 9000;
  const location = window.location;

  const messages = {
    'not-signed-in': 'The visitor is not signed in. Sign in, then open the chat again.',
    'not-configured': 'The site is not configured to issue chat tokens. Check data-token-url and run chatauth deploy.',
    timeout: 'The site did not answer with a chat token in time. Open the chat again.',
    network: 'The site could not be reached for a chat token. Check the connection, then open the chat again.',
    refused: 'The site gave no chat token. If it stays so, tell the owner of the site.',
    clock: 'The clock of this computer is wrong, so that the chat takes a new token for expired. '
      + 'Set the clock, then open the chat again.',
  };

  /** An Error with one of the codes above; message replaces the code's own. */
  const failure = (code, message) => Object.assign(new Error(message || messages[code]), { code });

  let context = '{}';    // JSON of the context variables
  let token = null;      // { jwt, exp, reuse, at, visitor }: the one that may be reused
  let request = null;    // { at, visitor, abort }: the one under way
  let calls = [];        // { due, done }: not answered yet, in the order of their asking
  let timer, queued;

  // Age by the clock that says more: performance.now() may stand still while a machine sleeps, Date may be set back.
  const now = () => ({ steady: window.performance.now(), wall: Date.now() });
  const age = (at) => Math.max(window.performance.now() - at.steady, Date.now() - at.wall);

  /** Who Power Pages says is signed in; empty elsewhere. Never sent anywhere, only compared. */
  function visitor() {
    try {
      const user = window.Microsoft.Dynamic365.Portal.User;
      return user.contactId || user.userName || '';
    } catch (e) {
      return '';
    }
  }

  /** exp as every chat client reads it: 13 digits are milliseconds. */
  const seconds = (date) => (date > 1e11 ? date / 1000 : Number(date));

  /** The widget compares with the visitor's wall clock, however wrong, and refuses without any leeway. */
  const clientRefuses = (exp) => exp < Math.floor(Date.now() / 1000);

  function drop() {
    token = null;
    if (request) request.abort();
    request = null;
  }

  function renew() {
    drop();
    pump();
  }

  function ask(done) {
    calls.push({ due: window.performance.now() + timeout, done });
    if (!queued) queued = Promise.resolve().then(pump);
  }

  /**
   * Answers one call; what its callback throws is the page's own error and surfaces as such, after the others are
   * answered.
   */
  function answer(call, error, jwt) {
    try {
      call.done(error, jwt);
    } catch (e) {
      setTimeout(() => { throw e; });
    }
  }

  /** Gives everybody the token, until a callback resets it: the rest is then asked for again. */
  function deliver(issued) {
    while (token === issued && calls.length) answer(calls.shift(), null, issued.jwt);
  }

  function fail(list, error) {
    if (!list.length) return;
    const stay = !window.dispatchEvent(new CustomEvent('chatauth:error', {
      cancelable: true, detail: { code: error.code, message: error.message },
    }));
    list.forEach((call) => answer(call, error));
    if (error.code === 'not-signed-in' && !stay) signIn();
  }

  /** Fails the calls whose time is up: whatever arrives, late is late. */
  function expire() {
    const steady = window.performance.now();
    const late = calls.filter((call) => call.due <= steady);
    calls = calls.filter((call) => call.due > steady);
    fail(late, failure('timeout'));
  }

  /** Brings everything up to date; harmless at any time, so every wake-up ends here. */
  function pump() {
    queued = 0;
    expire();
    const who = visitor();
    if (token && (token.visitor !== who || age(token.at) >= token.reuse || clientRefuses(token.exp))) token = null;
    if (request && (request.visitor !== who || age(request.at) >= timeout)) {
      request.abort();
      request = null;
    }
    if (token) deliver(token);
    if (calls.length && !request) send(who);
    clearTimeout(timer);
    if (request) {
      const left = calls.length ? calls[0].due - window.performance.now() : timeout;
      timer = setTimeout(pump, Math.ceil(Math.min(left, timeout - age(request.at))));
    }
  }

  function send(who) {
    const controller = new AbortController();
    const mine = request = { at: now(), visitor: who, abort: () => controller.abort() };

    // An answer counts only while nothing has changed. One that is older than the timeout came before the machine
    // slept: when its token was issued is unknown, so those who still wait are asked for again.
    const arrive = (action) => {
      if (request !== mine) return;
      request = null;
      if (mine.visitor === visitor() && age(mine.at) < timeout) action();
      pump();
    };
    fetchToken(controller.signal).then((issued) => arrive(() => {
      token = Object.assign(issued, { at: now(), visitor: who });
      expire();
      deliver(issued);
    }), (error) => arrive(() => {
      expire();
      fail(calls.splice(0), error.code in messages ? error : failure('network'));
    }));
  }

  async function fetchToken(signal) {
    const url = new URL(attributes.tokenUrl || '', document.baseURI);
    if (!attributes.tokenUrl || url.origin !== location.origin) throw failure('not-configured');

    // X-Requested-With: sites on OWIN then answer anonymous visitors with X-Responded-JSON instead of a redirect.
    const headers = { 'Content-Type': 'application/json', 'X-Requested-With': 'XMLHttpRequest' };
    const body = '{"contextVariables":' + context + '}';
    const verification = await verificationToken(url, signal);
    if (verification) headers.__RequestVerificationToken = verification;
    const response = await get(url.href, { method: 'POST', headers, body, signal });
    return read(response, await response.text());
  }

  /**
   * A request that neither leaves the origin nor follows a redirect: where a token is due, that leads to a sign-in
   * page.
   */
  async function get(url, options) {
    const response = await window.fetch(url, Object.assign({
      credentials: 'same-origin', mode: 'same-origin', redirect: 'manual', cache: 'no-store',
    }, options));
    let challenge;
    try {
      challenge = JSON.parse(response.headers.get('X-Responded-JSON'));
    } catch (e) { /* none */ }
    if (response.type === 'opaqueredirect' || (challenge && Number(challenge.status) === 401)) {
      throw failure('not-signed-in');
    }
    return response;
  }

  /**
   * The anti-forgery token: from Power Pages, which demands one, otherwise from the page's hidden field, if there is
   * one.
   */
  async function verificationToken(url, signal) {
    const shell = window.shell;
    if (shell && shell.getTokenDeferred) {
      try {
        const given = await shell.getTokenDeferred();
        if (given) return given;
      } catch (e) { /* ask the site itself */ }
    } else if (url.pathname.indexOf('/_api/')) {
      const field = document.querySelector('input[name="__RequestVerificationToken"]');
      return field && field.value;
    }
    const response = await get('/_layout/tokenhtml', { signal });
    const found = /value="([^"]+)"/.exec(await response.text());
    if (!response.ok || !found) throw failure(response.status < 500 ? 'refused' : 'network');
    return found[1];
  }

  /**
   * Finds the token, or what is said instead, in any of the forms: the JWT as text, JSON with token (and status,
   * message), the server-logic envelope in both casings, its Data an object or a string of JSON.
   */
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
  function read(response, text) {
    // An envelope that only says that it failed does not hide the status of HTTP: 403 is what lacks the web role.
    const found = unwrap(text, { status: response.ok ? 0 : response.status });
    const status = found.status || response.status;

    // Only the product's own messages are passed on; they carry no personal data.
    const coded = /^CHATAUTH(\d)(\d{3}): /.exec(found.message);
    if (coded && coded[1] + coded[2] !== '1001') {
      throw failure(/[23]/.test(coded[1]) ? 'not-configured' : 'refused', found.message.slice(0, 500));
    }
    if (coded || status === 401 || status === 403) throw failure('not-signed-in');
    if (status === 404 || status === 405) throw failure('not-configured');
    if (status === 429 || status >= 500) throw failure('network');
    if (status < 400 && found.jwt === '') throw failure('not-configured');
    if (status >= 400 || !found.jwt) {
      const signInPage = /^\s*</.test(text) && /type=["']?password|\b(sign|log)[-_ ]?in\b/i.test(text);
      throw failure(signInPage ? 'not-signed-in' : 'refused');
    }

    // Bytes above 127 come out of atob as other letters, which is of no matter to JSON or to these two numbers.
    let claims;
    try {
      claims = JSON.parse(atob(found.jwt.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));
    } catch (e) { /* no claims */ }
    if (!claims) throw failure('refused');
    const exp = seconds(claims.exp);

    // Seconds left: as issued, or less where the server's own clock says so (a portal that keeps tokens). Unknown: not
    // reused.
    const lives = [exp - seconds(claims.iat), exp - Date.parse(response.headers.get('Date')) / 1000]
      .filter((life) => !isNaN(life));
    const life = lives.length ? Math.min.apply(null, lives) : 0;
    if (lives.length && life <= 0) {
      throw failure('refused', 'The site gave a token that has expired already. Tell its owner.');
    }
    if (clientRefuses(exp)) throw failure('clock');
    return { jwt: found.jwt, exp, reuse: (life < 120 ? life / 2 : life - 60) * 1000 };
  }

  /**
   * Goes to data-sign-in-url; only for a visitor who has touched the page, or a chat that opens by itself would go in
   * circles.
   */
  function signIn() {
    const activation = window.navigator.userActivation;
    if (!attributes.signInUrl || (activation && !activation.hasBeenActive)) return;
    const url = new URL(attributes.signInUrl, document.baseURI);
    if (url.origin !== location.origin) return;
    // One slash only: //host would be another site to whoever follows returnUrl.
    url.searchParams.set('returnUrl', '/' + location.pathname.replace(/^[/\\]+/, '') + location.search + location.hash);
    location.assign(url.href);
  }

  /**
   * Gives the chat client a token, as Omnichannel, Live Assist and LivePerson call it.
   * @param {function(?string, string=): void} callback called once, later, within data-timeout-ms: with the token, or
   * with null and a message. A failure is also a chatauth:error event on window, detail { code, message }; code is
   * not-signed-in, not-configured, timeout, network, refused or clock. Its preventDefault() keeps the visitor from
   * being sent to sign-in.
   */
  function getAuthenticationToken(callback) {
    ask((error, jwt) => (error ? callback(null, error.message) : callback(jwt)));
  }

  window.auth = window.auth || {};
  window.auth.getAuthenticationToken = getAuthenticationToken;
  window.authoriseChatWithCallback = getAuthenticationToken;
  window.lpGetAuthenticationToken = getAuthenticationToken;

  window.chatauth = {
    /**
     * Gives a token as a promise, for the chat SDK's getAuthToken.
     * @returns {Promise<string>} the token; rejected with an Error whose code is one of the event's
     */
    getToken: () => new Promise((resolve, reject) => {
      ask((error, jwt) => (error ? reject(error) : resolve(jwt)));
    }),

    /**
     * Sets the request variables of tokens from now on, all of them at once; earlier tokens are given to nobody any
     * more.
     * @param {?Object<string, string|number|boolean>} variables name and value; null for none. Later changes to it do
     * not count.
     */
    setContext: (variables) => {
      const json = JSON.stringify(variables || {});
      if (json !== context) {
        context = json;
        renew();
      }
    },

    /**
     * Forgets the token. Takes nothing, gives nothing; to be called when the visitor signs in or out without a page
     * load.
     */
    reset: renew,
  };

  window.addEventListener('pagehide', drop);
  window.addEventListener('pageshow', (event) => { if (event.persisted) renew(); });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) renew(); });

  if (attributes.register === 'sdk') {
    const register = () => {
      try {
        window.Microsoft.Omnichannel.LiveChatWidget.SDK.setAuthTokenProvider(getAuthenticationToken);
      } catch (e) { /* not ready yet */ }
    };
    window.addEventListener('lcw:ready', register);
    register();
  }
})(window, document);
