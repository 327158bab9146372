/**
 * ChatAuth's endpoints for a portal on Node. In Express, ahead of any body parser (npm install @azure/identity):
 *
 *   app.use('/auth', mapChatAuth({
 *     environment: 'https://yourorg.crm.dynamics.com',
 *     credential: new DefaultAzureCredential(),
 *     contactOf: (request) => request.session?.contactId,
 *     isGenuine: (request) => yourAntiForgeryCheck(request),
 *     antiforgeryToken: (request) => yourAntiForgeryToken(request),
 *   }));
 *
 * POST /token        the signed-in visitor's JWT as text
 * GET  /antiforgery  a fresh anti-forgery token as text, for data-verification-url of chatauth.js
 * GET  /publickey    what the chat service verifies a token with
 * GET  /jwks         the same keys as a JWK set
 *
 * The credential is the application user's, whose entry in "callers" is {"contact": "parameter"}. Tokens are neither
 * stored nor logged; who logs answers shall leave their bodies out.
 */
import { createHash } from 'node:crypto';

/** chatauth.js answers its callers after 9 seconds, whatever comes later. */
const patience = 8_000;

/** Context variables: 100 of 4,000 characters at most, as UTF-8; a token takes 8,000 in all. */
const longestBody = 64 * 1024;

const keyLifetime = 300;

/** Seconds for which a failure is remembered, and how long the last good keys outlive silence. */
const retryAfter = 5;
const longestSilence = 3_600;

const formats = {
  keyset: { property: 'KeySet', type: 'application/json' },
  jwks: { property: 'Jwks', type: 'application/json' },
  pem: { property: 'Pem', type: 'text/plain' },
};

/**
 * Gives a handler for Express, or for http.createServer.
 * @param {object} options
 * @param {string} options.environment address of the Dataverse environment: https, http to this machine only
 * @param {{ getToken: function(string): Promise<{ token: string }> }} options.credential of @azure/identity
 * @param {function(object): (string|undefined|Promise)} options.contactOf id of the signed-in visitor's contact, out of
 *   the portal's own session, never out of the request; undefined for an anonymous visitor
 * @param {function(object): (boolean|Promise<boolean>)} options.isGenuine whether the anti-forgery token is the
 *   session's; chatauth.js sends it in the header __RequestVerificationToken
 * @param {function(object, object): (string|Promise<string>)} [options.antiforgeryToken] given the request and the
 *   response, for a cookie: an anti-forgery token for whoever asks, which isGenuine takes from then on
 * @param {'keyset'|'pem'} [options.format] the form in which /publickey shows the public keys
 * @param {number} [options.perMinute] how many tokens one visitor may ask for in a minute
 * @param {function(): number} [options.now] the time in milliseconds
 */
export function mapChatAuth(
    { environment, credential, contactOf, isGenuine, antiforgeryToken, format = 'keyset', perMinute = 30,
      now = Date.now }) {
  const call = dataverse(environment, credential);
  const isAllowed = visitorLimit(perMinute, now);
  const keys = publicKeyCache(() => call('chatauth_GetPublicKeys', {}), now);

  async function serveToken(request, response) {
    if (!isSameOrigin(request)) return refuse(response, 403, 'Ask for a chat token from a page of this site.');
    const contact = await contactOf(request);
    if (!contact) return refuse(response, 401, 'Nobody is signed in.');
    if (!await isGenuine(request)) {
      return refuse(
          response, 400, 'The anti-forgery token is missing or belongs to another session. Load the page again.');
    }
    if (!isAllowed(contact)) {
      return refuse(
          response, 429, 'The visitor asked for too many chat tokens. Wait a minute, then open the chat again.',
          { 'Retry-After': 60 });
    }

    const text = await readBody(request);
    if (text === null) return refuse(response, 413, 'The body is too long.');
    let variables;
    try {
      variables = JSON.parse(text || '{}')?.contextVariables ?? undefined;
    } catch {
      return refuse(response, 400, 'The body is not JSON.');
    }

    // The variables go unchecked: the custom API has the rules. What is undefined is not sent.
    const parameters = { ContactId: contact, ContextVariables: JSON.stringify(variables) };
    const { status, body } = await call('chatauth_IssueChatToken', parameters);
    const token = body?.Token ?? '';
    if (status === 200 && body && typeof token === 'string') {
      if (typeof body.KeyId === 'string') keys.expect(body.KeyId, format);
      return answer(response, 200, token, { 'Content-Type': 'application/jwt' });
    }

    const message = codedMessage(body);
    return refuse(response, statusForVisitor(status, message), message ?? 'The site was refused a chat token.');
  }

  /** Signing in or out, in this page or another, makes the token of a page stale: this is the one of the moment. */
  async function serveAntiforgery(request, response) {
    if (!isSameOrigin(request)) {
      return refuse(response, 403, 'Ask for the anti-forgery token from a page of this site.');
    }
    answer(response, 200, await antiforgeryToken(request, response), { 'Content-Type': 'text/plain' });
  }

  const serveKeys = (shown) => async (request, response) => {
    const { kept, maxAge } = await keys.get();
    const text = kept?.[formats[shown].property];
    if (typeof text !== 'string' || text === '') {
      return refuse(
          response, 503, 'The public keys cannot be read at the moment.', { 'Retry-After': retryAfter });
    }
    const headers = {
      ETag: `"${createHash('sha256').update(text).digest('base64url')}"`,
      'Cache-Control': `public, max-age=${maxAge}`,
      'Content-Type': formats[shown].type,
    };
    const isKnown = request.headers['if-none-match'] === headers.ETag;
    return isKnown ? answer(response, 304, '', headers) : answer(response, 200, text, headers);
  };

  const routes = {
    '/token': { methods: ['POST'], serve: serveToken },
    ...antiforgeryToken && { '/antiforgery': { methods: ['GET'], serve: serveAntiforgery } },
    '/publickey': { methods: ['GET', 'HEAD'], serve: serveKeys(format) },
    '/jwks': { methods: ['GET', 'HEAD'], serve: serveKeys('jwks') },
  };

  return async (request, response, next) => {
    const route = routes[request.url.split('?')[0]];
    if (!route) return next ? next() : refuse(response, 404, 'There is nothing here.');
    if (!route.methods.includes(request.method)) {
      const allowed = route.methods.join(', ');
      return refuse(response, 405, `Ask by ${allowed}.`, { Allow: allowed });
    }
    try {
      return await route.serve(request, response);
    } catch (failure) {
      // Of the portal's own functions.
      return next ? next(failure) : refuse(response, 500, 'The portal could not answer.');
    }
  };
}

/**
 * Calls a custom API as the portal's application user; gives { status, body }, body null where it is no JSON object.
 * Silence is 504, an environment that cannot be reached 502.
 */
function dataverse(environment, credential) {
  const origin = originOf(environment);
  return async (api, parameters) => {
    try {
      const { token } = await credential.getToken(`${origin}/.default`);
      const response = await fetch(`${origin}/api/data/v9.2/${api}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(parameters),
        redirect: 'manual',
        signal: AbortSignal.timeout(patience),
      });
      return { status: response.status, body: parseObject(await response.text()) };
    } catch (failure) {
      return { status: failure.name === 'TimeoutError' ? 504 : 502, body: null };
    }
  };
}

/** The application user's access token goes there: https without user name, http to this machine only. */
function originOf(environment) {
  const { origin, protocol, hostname, username, password } =
      URL.canParse(environment) ? new URL(environment) : {};
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  if ((protocol === 'https:' || (protocol === 'http:' && isHere)) && !username && !password) return origin;
  throw new TypeError(
      'The option environment of mapChatAuth is no https address without user name. '
          + 'Give the address of the Dataverse environment, for example https://contoso.crm.dynamics.com.');
}

function parseObject(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** ChatAuth's own message out of an error: it holds no personal data, other texts of Dataverse may. */
function codedMessage(body) {
  return /CHATAUTH\d{4}: .*/s.exec(body?.error?.message)?.[0];
}

/** A 401 or 403 without a code is about the application user, not the visitor, whom signing in would not help. */
function statusForVisitor(status, message) {
  if (status < 400) return 502;
  return !message && [401, 403].includes(status) ? 424 : status;
}

/** How often each visitor may ask: by visitor, not by address, since whole offices share one. */
function visitorLimit(perMinute, now) {
  const asked = new Map(); // visitor → when it asked within the last minute
  return (visitor) => {
    const start = now() - 60_000;
    for (const [who, times] of asked) {
      if (times.at(-1) <= start) asked.delete(who);
    }
    const times = asked.get(visitor)?.filter((time) => time > start) ?? [];
    if (times.length >= perMinute) return false;
    asked.set(visitor, [...times, now()]);
    return true;
  };
}

/**
 * Keeps the public keys for five minutes, so that an anonymous address costs Dataverse nothing: one question for all
 * who wait, and none for seconds after one that failed.
 *
 * A set without keys is an answer, as after a revocation, and is shown. The last good keys outlive what tells nothing
 * of the keys (silence, 429, 5xx without a code) for an hour at most; any other answer ends them: the plug-in's own
 * refusal, or none of its properties, which says that no step serves it.
 */
function publicKeyCache(ask, now) {
  let kept = null; // the last answer with a set of keys
  let readAt = 0;
  let until = 0;
  let hasFailed = false;
  let asking = null;
  let expected = { keyId: undefined, at: -Infinity };

  async function read() {
    const { status, body } = await ask();
    const tellsNothing = (status === 429 || status >= 500) && !codedMessage(body);
    hasFailed = !(status === 200 && typeof body?.KeySet === 'string' && body.KeySet !== '');
    if (!hasFailed) [kept, readAt] = [body, now()];
    else if (!tellsNothing) kept = null;
    until = now() + (hasFailed ? retryAfter : keyLifetime) * 1_000;
    asking = null;
  }

  return {
    /** Gives the properties of the last good answer, null where there is none, and how long caches may keep them. */
    async get() {
      // Whoever asks first waits for the answer; nobody else waits behind a question that failed the last time.
      if (now() >= until && !(asking && hasFailed)) await (asking ??= read());
      if (now() - readAt >= longestSilence * 1_000) kept = null;
      return { kept, maxAge: hasFailed ? retryAfter : keyLifetime };
    },

    /** Told of the key that signed a token: a token is never out before its key. */
    expect(keyId, format) {
      const isThere = format === 'pem' ? kept?.SigningKeyId === keyId : kept?.KeySet.includes(`"${keyId}"`);
      const isToldAgain = expected.keyId === keyId && now() - expected.at < retryAfter * 1_000;
      if (isThere || hasFailed || isToldAgain) return;
      expected = { keyId, at: now() };
      until = 0;
    },
  };
}

/**
 * Whether a page of this very site sends a request. Every browser says so in one of two headers that no page can set:
 * Sec-Fetch-Site (Fetch Metadata) or Origin (Fetch standard, on every POST). The scheme is not compared: behind a proxy
 * TLS has ended before.
 */
function isSameOrigin({ headers: { origin, host, 'sec-fetch-site': site } }) {
  const isOwn = URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
  return site === undefined ? isOwn : site === 'same-origin' && (origin === undefined || isOwn);
}

/** Gives the body as text; null when it is too long. */
async function readBody(request) {
  const parts = [];
  let length = 0;

  // Without destroyOnReturn: false the connection ends with the loop, and the refusal with it.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += part.length;
    if (length > longestBody) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}

/** Refuses as chatauth.js reads it. */
function refuse(response, status, message, headers = {}) {
  const type = { 'Content-Type': 'application/json' };
  answer(response, status, JSON.stringify({ status, message }), { ...type, ...headers });
}

function answer(response, status, body, headers) {
  const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  response.writeHead(status, { ...always, ...headers }).end(body);
}
