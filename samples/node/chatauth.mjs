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
 * GET  /authorize    where the option externalWindow is given: LivePerson's window, sent back with the visitor's token
 * POST /app-token    where the option contactOfApp is given: the token of a native app's user
 *
 * The credential is the application user's, whose entry in "callers" is {"contact": "parameter"}; several of them, in
 * "credentials", take turns. Tokens are neither stored nor logged; who logs answers shall leave their bodies out.
 */
import { createHash } from 'node:crypto';

/** For the whole of a call, whoever is asked: chatauth.js answers its callers after 9 seconds, the chat after 10. */
const patience = 8_000;

/** Microsoft Learn, service protection API limits: a user has 52 requests at once on a web server. */
const atOnce = 52;

/** Where no Retry-After says; and the limits look at five minutes, so that a longer wait is of no use. */
const usualLimit = 30;
const longestLimit = 300;

/** Seconds for which others are asked before one that is refused. */
const refusedFor = 60;

/**
 * A user that is disabled: by code (web service error codes, UserNotEnabled) or, since no source gives the code
 * together with the text, by its text.
 */
const userNotEnabled = ['0x80040225', '0x8004d24b'];
const userIsDisabled = /^The user with SystemUserId=.* is disabled/;

/** Context variables: 100 of 4,000 characters at most, as UTF-8; a token takes 8,000 in all. */
const longestBody = 64 * 1024;

/** Of a window's state, its escapes counted as one; and what can stand in an address as a token. */
const longestState = 2_000;
const isToken = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** As every browser reads it: an address of a window, and a path of this site, which is no other host's. */
const windowAddress = /^https?:\/\/([\w.-]+|\[::1\])(:\d+)?([/?][!"$-Z[\]-~]*)?$/;
const plainPath = /^(\/([\w.~-]|%(?!2f|5c|7f)[2-9a-f][\da-f])+)+(\?|$)/i;
const windowPolicy = "default-src 'none'; frame-ancestors 'none'";

/** A GUID as Dataverse reads it. */
const contactId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** For the log: what is wrong with a window's parameter, and what to do. */
const windowFaults = {
  response_type: 'response_type is missing, repeated, or neither id_token nor token. '
    + 'Choose the type oAuth 2.0, implicit, in Live Assist.',
  redirect_uri: 'redirect_uri is missing, repeated, or none of the portal\'s redirectUris, letter by letter. '
    + 'Compare them with what stands in the address bar of the refused window.',
  client_id: 'client_id is missing, repeated, or another than the portal\'s clientId. '
    + 'Give the portal and Live Assist the same.',
  state: 'state is repeated, longer than 2,000 characters, or not written as in an address. '
    + 'Ask LivePerson\'s support.',
};

/** For the log: what is wrong with an app's access token, by what libraries say of it, and what to do. */
const accessTokenFaults = [
  [/jwks_(timeout|invalid)|fetch failed|web key set http|econn|enotfound|eai_again|etimedout|und_err|_cert/i,
    'the identity provider\'s keys could not be read. See that this server reaches their address, and that it serves '
    + 'keys.'],
  [/no_matching_key|signature/i, 'the access token\'s signature is missing, or of none of the identity provider\'s '
    + 'keys. Look at where the portal reads these keys, and at who issued the token.'],
  [/\biss\b|issuer/i, 'the access token\'s issuer is another than the portal takes. Compare the token\'s iss with the '
    + 'portal\'s check.'],
  [/\baud\b|audience/i, 'the access token\'s audience is another than the portal takes. '
    + 'Let the app ask for a token whose aud is this portal\'s.'],
  [/\b(exp|nbf|iat)\b|expired|not ?before/i, 'the access token\'s lifetime is over, has not begun or is not given. '
    + 'Let the app renew the token before it asks, and compare the clocks.'],
  [/claim_validation/i, 'the access token lacks a claim that the portal\'s check asks for, or has another value. '
    + 'Compare its claims with the check.'],
  [/alg_not_allowed|algorithm|"alg" value/i, 'the access token\'s algorithm is none that the portal takes. '
    + 'Compare the token\'s alg with the portal\'s check.'],
  [/jw[st]_invalid|not_supported|malformed|invalid token/i, 'the access token\'s form is no JWT\'s, or its header asks '
    + 'for more than the portal knows (crit). Let the app ask for a token that is meant for this portal.'],
];

const keyLifetime = 300;

const codeLength = 'CHATAUTH1234'.length;
const notThere = 'the custom API is not there. Run chatauth deploy.';
const noStep = 'no step serves it. Run chatauth deploy.';

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
 * @param {{ getToken: function(string, object): Promise<{ token: string }> }} options.credential of @azure/identity
 * @param {Array} [options.credentials] instead of credential: one for each of several application users, between whom
 *   the calls go round, since Dataverse limits each by itself; their ids are the portal's entry in "callers" and its
 *   "applications"
 * @param {function(object): (string|null|undefined|Promise)} options.contactOf id of the signed-in visitor's contact,
 *   out of the portal's own session, never out of the request; undefined for an anonymous visitor, null for one who is
 *   signed in and has no contact, whom to sign in again would not help
 * @param {function(object): (boolean|Promise<boolean>)} options.isGenuine whether the anti-forgery token is the
 *   session's; chatauth.js sends it in the header __RequestVerificationToken
 * @param {function(object, object): (string|Promise<string>)} [options.antiforgeryToken] given the request and the
 *   response, for a cookie: an anti-forgery token for whoever asks, which isGenuine takes from then on
 * @param {{ redirectUris: string[], clientId?: string, signInPath?: string }} [options.externalWindow] LivePerson's
 *   chat in a window of its own: the addresses of its window and its client id, as liveAssist.externalWindow has them
 *   in chatauth.json, and the portal's sign-in page, /sign-in unless given, which gets returnUrl, the way back
 * @param {function(string): (string|undefined|Promise)} [options.contactOfApp] id of the contact of a native app's
 *   user, out of the claims of the app's access token, which it verifies (signature, issuer, audience, exp); undefined
 *   or an error for any other: the log is told which of these the error names
 * @param {'keyset'|'pem'} [options.format] the form in which /publickey shows the public keys
 * @param {number} [options.perMinute] how many tokens one visitor may ask for in a minute
 * @param {function(string): void} [options.log] told of each application user that goes out and comes back, and once a
 *   minute of each kind of failure and refusal: its code or type, Dataverse's status, what to do
 * @param {function(): number} [options.now] milliseconds of a clock that nobody sets
 */
export function mapChatAuth(
    { environment, credential, credentials, contactOf, isGenuine, antiforgeryToken, externalWindow, contactOfApp,
      format = 'keyset', perMinute = 30, log = console.warn, now = () => performance.now() }) {
  if (credential && credentials) {
    throw new TypeError('mapChatAuth has the options credential and credentials. Add the one to the others.');
  }
  const given = { contactOf, isGenuine, credential: credentials ? credentials.length && credentials.every(Boolean)
    : credential, format: formats[format] };
  const missing = Object.keys(given).find((name) => !given[name]);
  if (missing) {
    throw new TypeError(`The option ${missing} of mapChatAuth is missing, or none that it knows. See the head of the `
        + 'file for what to give.');
  }
  const windows = externalWindow?.redirectUris;
  if (externalWindow && !(Array.isArray(windows)
      && windows.every((uri) => isSafe(uri) && windowAddress.test(uri)))) {
    throw new TypeError('The option externalWindow.redirectUris of mapChatAuth is no list, or has an address that is '
        + 'no https address in ASCII without user name and #. Give the addresses of LivePerson\'s window.');
  }
  const users = applicationUsers(credentials ?? [credential], now, log);
  const { tell, tellRefusal } = failureLog(log, now);
  const call = dataverse(environment, users, tell);
  const isAllowed = visitorLimit(perMinute, now);
  const keys = publicKeyCache(() => call('chatauth_GetPublicKeys', {}), now, tell);

  async function serveToken(request, response) {
    if (!isSameOrigin(request)) return refuse(response, 403, 'Ask for a chat token from a page of this site.');
    const contact = await contactOf(request);
    if (!contact) return refuse(response, 401, 'Nobody is signed in.');
    if (!await isGenuine(request)) {
      return refuse(
          response, 400, 'The anti-forgery token is missing or belongs to another session. Load the page again.');
    }
    return serveIssued(response, await issue(contact, 'POST token', 'contactOf', request));
  }

  /**
   * Of a native app: who its user is says the bearer token alone. A browser sends none by itself, so that no page of
   * another site can ask here, and a cookie counts for nothing.
   */
  async function serveAppToken(request, response) {
    const bearer = /^Bearer +([!-~]+)$/i.exec(request.headers.authorization)?.[1];
    const route = 'POST app-token';
    let contact, reason;
    try {
      contact = bearer && await contactOfApp(bearer);
      reason = bearer ? 'the check of the access token gives no contact. Look at which claim holds the contact\'s id.'
        : 'no access token came. Let the app send it as Authorization: Bearer TOKEN.';
    } catch (failure) {
      reason = accessTokenFault(failure);
    }
    if (contact) return serveIssued(response, await issue(contact, route, 'contactOfApp', request));
    tellRefusal(route, reason);
    return refuse(
        response, 401, 'The app\'s access token is missing or not valid.', { 'WWW-Authenticate': 'Bearer' });
  }

  function serveIssued(response, { status, token, message, wait }) {
    if (message === undefined) return answer(response, 200, token, { 'Content-Type': 'application/jwt' });
    return refuse(response, status, message, wait && { 'Retry-After': wait });
  }

  /**
   * Of LivePerson's window: a navigation from another site, which carries the session alone. So nothing of it is
   * trusted, and the token goes to an address of the list only.
   */
  async function serveWindow(request, response) {
    const route = 'GET authorize';
    const here = request.originalUrl ?? request.url; // Express takes the prefix off url
    if (!plainPath.test(here)) return refuse(response, 404, 'There is nothing here.');
    const closed = { 'Referrer-Policy': 'no-referrer', 'Content-Security-Policy': windowPolicy };
    const say = (status, text) => answer(response, status, text, { ...closed, 'Content-Type': 'text/plain' });
    const send = (Location) => answer(response, 302, '', { ...closed, Location });
    if (!['document', undefined].includes(request.headers['sec-fetch-dest'])) {
      tellRefusal(route, 'a frame, an image or a script asks for it (Sec-Fetch-Dest). '
          + 'Let the chat open in a window of its own.');
      return say(403, 'The chat opens in a window of its own only.');
    }
    const { fault, redirectUri, state } = readWindowRequest(request, externalWindow);
    if (fault) {
      tellRefusal(route, windowFaults[fault]);
      return say(
          400, `The chat cannot be opened: this site does not know what asks for it (${fault}). Tell its owner.`);
    }

    const contact = await contactOf(request);
    if (contact !== null && !contact) {
      const { signInPath = '/sign-in' } = externalWindow;
      return send(
          `${signInPath}${signInPath.includes('?') ? '&' : '?'}returnUrl=${encodeURIComponent(here)}`);
    }
    if (contact === null) {
      tellRefusal(
          route, 'the signed-in visitor has no contact. Look at how the portal finds the contact of its visitor.');
    }
    const { status, token } = contact === null ? { status: 403 } : await issue(contact, route, 'contactOf');
    const outcome = isToken.test(token) ? `id_token=${token}`
      : `error=${[401, 403].includes(status) ? 'access_denied' : 'server_error'}`;
    return send(`${redirectUri}#${outcome}${state === undefined ? '' : `&state=${state}`}`);
  }

  /**
   * Asks for a visitor's token, with the context variables of the request's body, where there is one; the body names
   * nobody. route and source, the option that named the contact, are for the log. Gives { status, token }, or { status,
   * message, wait } of a refusal.
   */
  async function issue(contact, route, source, request) {
    if (typeof contact !== 'string' || !contactId.test(contact)) {
      tellRefusal(route, `what is to be the contact's id is no GUID: what the option ${source} gives. `
          + 'Let it give the id of the visitor\'s contact.');
      return { status: 424, message: 'The site was refused a chat token.' };
    }
    if (!isAllowed(contact.toLowerCase())) {
      const message = 'The visitor asked for too many chat tokens. Wait a minute, then open the chat again.';
      return { status: 429, message, wait: 60 };
    }
    const text = request ? await readBody(request) : '';
    if (text === null) return { status: 413, message: 'The body is too long.' };
    let variables;
    try {
      variables = JSON.parse(text || '{}')?.contextVariables ?? undefined;
    } catch {
      return { status: 400, message: 'The body is not JSON.' };
    }

    // The variables go unchecked: the custom API has the rules. What is undefined is not sent.
    const parameters = { ContactId: contact, ContextVariables: JSON.stringify(variables) };
    const { status, body } = await call('chatauth_IssueChatToken', parameters);
    const token = body?.Token ?? '';
    const isIssued = status === 200 && body && typeof token === 'string';
    if (status === 200 && (!isIssued || !token)) {
      tell('chatauth_IssueChatToken', 200, isIssued ? noStep : 'an answer without a token.');
    }
    if (isIssued) {
      if (typeof body.KeyId === 'string') keys.expect(body.KeyId, format);
      return { status, token };
    }
    if (status === 429) {
      const wait = Math.max(1, users.wait() ?? 1);
      return { status, message: `The chat is busy. Try again in ${wait} s.`, wait };
    }

    // The visitor reads the code, the log what to do.
    const message = codedMessage(body);
    const code = message ? `${message.slice(0, codeLength)}: ` : '';
    return { status: statusForVisitor(status, message), message: `${code}The site was refused a chat token.` };
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
    response.setHeader('ChatAuth-Application-Users', users.state()); // for chatauth doctor
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
    ...externalWindow && { '/authorize': { methods: ['GET'], serve: serveWindow } },
    ...contactOfApp && { '/app-token': { methods: ['POST'], serve: serveAppToken } },
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
      // Of the portal's own functions, or of a request that was broken off.
      if (next) return next(failure);
      const name = /^\w{1,40}$/.exec(failure?.name)?.[0] ?? 'Error';
      if (!request.errored) {
        tellRefusal(`${request.method} ${request.url.split('?')[0].slice(1)}`, `a function of the portal's own failed `
            + `(${name}). Look at contactOf, isGenuine and antiforgeryToken.`);
      }
      return refuse(response, 500, 'The portal could not answer.');
    }
  };
}

/**
 * The portal's application users: whose turn it is, and who is out. One that is limited is out until its Retry-After,
 * since whoever asks on waits the longer; one that cannot sign in or is refused is out for a minute, and where nobody
 * else is left, one of these is asked all the same. Each process of a portal finds out by itself.
 */
function applicationUsers(credentials, now, log) {
  const users = credentials.map((credential, index) => (
    { credential, name: `Application user ${index + 1} of ${credentials.length}`, limitedUntil: 0, calls: 0 }));
  const isLimited = (user) => now() < user.limitedUntil;
  let turn = 0;
  return {
    /** Whom a call may ask next: nobody who is limited, has all its calls under way or was asked. */
    next(asked) {
      const left = users.filter((user) => !isLimited(user) && user.calls < atOnce && !asked.includes(user));
      for (const _ of users) {
        const user = users[turn++ % users.length];
        if (left.includes(user) && !(now() < user.refusedUntil)) return user;
      }

      // One only: a call that is refused itself is not to be made as often as there are users.
      if (asked.some((user) => user.refusedUntil)) return undefined;
      return left.sort((one, other) => one.refusedUntil - other.refusedUntil)[0];
    },

    /** Dataverse limits a user; retryAfter is the header. */
    limit(user, retryAfter) {
      const told = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1_000;
      const wait = Math.min(told >= 0 ? told : usualLimit, longestLimit);
      if (!isLimited(user)) {
        log(`${user.name} is limited by Dataverse (429), and left out for ${Math.ceil(wait)} s.`);
      }
      user.limitedUntil = now() + wait * 1_000;
    },

    /** A user cannot sign in, or Dataverse does not take it; reason is a code or a status. */
    refuse(user, reason) {
      if (now() < user.refusedUntil) return;
      user.refusedUntil = now() + refusedFor * 1_000;
      log(`${user.name} is refused (${reason}), and left out for a minute. Look at its secret in Entra, at its user in `
          + 'Dataverse and at "callers" in chatauth.json.');
    },

    /** A user was answered. */
    take(user) {
      if (user.refusedUntil) log(`${user.name} is taken again.`);
      user.refusedUntil = undefined;
    },

    /** Seconds until the first of those that are limited may be asked; undefined while none is. */
    wait() {
      const limits = users.filter(isLimited).map((user) => user.limitedUntil);
      return limits.length ? Math.ceil((Math.min(...limits) - now()) / 1_000) : undefined;
    },

    /** How many there are and are out. */
    state: () => `all=${users.length}, limited=${users.filter(isLimited).length}, `
      + `refused=${users.filter((user) => user.refusedUntil).length}`,
  };
}

/**
 * Calls a custom API as one of the portal's application users; gives { status, body }, body null where it is no JSON
 * object. Silence is 504, an environment that cannot be reached 502, and 429 says that every user is limited. The call
 * goes on with another user where nothing can have been issued: the user is limited, refused or cannot sign in. fetch
 * keeps no cookies, so that no web server of the environment is held to, and uses connections again.
 */
function dataverse(environment, users, tell) {
  const origin = originOf(environment);

  async function ask(api, parameters, token, signal) {
    const response = await fetch(`${origin}/api/data/v9.2/${api}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(parameters),
      redirect: 'manual',
      signal,
    });
    const body = parseObject(await response.text());
    return { status: response.status, body, retryAfter: response.headers.get('Retry-After') };
  }

  /** Tells whether an answer is about the user, so that another one may do better. */
  function isOver(user, { status, body, retryAfter }) {
    const message = codedMessage(body);
    if (status === 429) {
      users.limit(user, retryAfter);
    } else if ([401, 403].includes(status) && !message
        || message?.startsWith('CHATAUTH1002') // "callers" does not list it
        || userNotEnabled.includes(String(body?.error?.code).toLowerCase())
        || userIsDisabled.test(body?.error?.message)) {
      users.refuse(user, message?.slice(0, 12) ?? `status ${status}`);
    } else {
      users.take(user);
      return false;
    }
    return true;
  }

  return async (api, parameters) => {
    const signal = AbortSignal.timeout(patience);
    const asked = [];
    let refusal = { status: 429, body: null };
    const told = (answer) => {
      // Who cannot sign in or is limited was told by the users.
      if (![200, 429].includes(answer.status) && answer !== signInFailed) {
        const message = codedMessage(answer.body);
        const fault = /^0x[0-9A-Fa-f]{1,8}$/.exec(answer.body?.error?.code)?.[0];
        const uncoded = answer.status === 404 ? notThere : `no code of ChatAuth${fault ? ` (${fault})` : ''}.`;
        const reason = message ?? uncoded;
        tell(api, answer.status, reason, message?.slice(0, codeLength));
      }
      return answer;
    };
    for (let user; (user = users.next(asked)); asked.push(user)) {
      user.calls++;
      try {
        const access = await inTime(user.credential.getToken(`${origin}/.default`, { abortSignal: signal }), signal)
            .catch((failure) => { throw signal.aborted ? signal.reason : new SignInFailure(failure); });
        const answer = await ask(api, parameters, access.token, signal);
        if (!isOver(user, answer)) return told(answer);
        refusal = answer;
      } catch (failure) {
        if (!(failure instanceof SignInFailure)) {
          const isSilent = failure.name === 'TimeoutError';
          const kind = failure.cause?.code ?? failure.name;
          tell(api, null, isSilent ? 'no answer in time.' : `no connection (${kind}).`);
          return { status: isSilent ? 504 : 502, body: null };
        }
        users.refuse(user, failure.message);
        refusal = signInFailed;
      } finally {
        user.calls--;
      }
    }
    return users.wait() === undefined ? told(refusal) : { status: 429, body: null };
  };
}

const signInFailed = { status: 502, body: null };

/** A credential gives no token. Of Entra's text its code alone, such as AADSTS7000222: the secret has expired. */
class SignInFailure extends Error {
  constructor(failure) {
    super(/AADSTS\d+/.exec(`${failure?.message} ${failure?.cause?.message}`)?.[0] ?? failure?.name);
  }
}

/** Ends the waiting, whether or not a credential heeds the signal. */
const inTime = (promise, signal) => Promise.race([promise, new Promise((_, fail) => {
  signal.addEventListener('abort', () => fail(signal.reason), { once: true });
})]);

/** Whether a token may go to an address: https without user name, http to this machine only. */
function isSafe(address) {
  const { protocol, hostname, username, password } = URL.canParse(address) ? new URL(address) : {};
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isHere)) && !username && !password;
}

/** The application user's access token goes there. */
function originOf(environment) {
  if (isSafe(environment)) return new URL(environment).origin;
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

/**
 * Tells the log why there was no token, or no keys: each kind once a minute. status is null where none came. Nothing of
 * a request stands there: whoever asks does not write this log.
 */
function failureLog(log, now) {
  const toldAt = new Map();
  const once = (kind, line) => {
    if (now() - toldAt.get(kind) < 60_000) return;
    toldAt.set(kind, now());
    log(line);
  };
  return {
    tell(api, status, reason, kind = reason) {
      const told = status ? `status ${status}` : 'no status';
      once(`${api} ${told} ${kind}`, `${api} failed, ${told}: ${reason}`);
    },

    /** The portal itself refused a request: method and route, fact and remedy. */
    tellRefusal: (route, reason) => once(`${route} ${reason}`, `${route} refused: ${reason}`),
  };
}

/** Why an app's access token was refused; of what is thrown the log gets a code or a name, never the text. */
function accessTokenFault(failure) {
  const { code, claim, name, message, cause } = Object(failure);
  const said = `${code} ${claim} ${name} ${message} ${cause?.code}`;
  const [, fault] = accessTokenFaults.find(([words]) => words.test(said)) ?? [];
  if (fault) return fault;
  const kind = [cause?.code, code, name].find((each) => /^\w{1,40}$/.test(each ?? '')) ?? 'Error';
  return `the access token could not be checked (${kind}). Look at the portal's check of it.`;
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
function publicKeyCache(ask, now, tell) {
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
    if (hasFailed && status === 200) {
      tell('chatauth_GetPublicKeys', 200, body && body.KeySet == null ? noStep : 'an answer without keys.');
    }
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

/**
 * Reads an authorization request of the implicit flow (RFC 6749, section 4.2.1); gives { redirectUri, state }, the
 * state as it stood in the address, or { fault }, the parameter that is wrong. That is told on a page and never by a
 * redirect, since nobody can say where it would lead.
 */
function readWindowRequest({ url }, { redirectUris, clientId }) {
  const decoded = (text) => {
    try {
      return decodeURIComponent(text.replaceAll('+', ' '));
    } catch {
      return text;
    }
  };
  const written = { response_type: [], redirect_uri: [], client_id: [], state: [] };
  for (const part of url.slice(url.indexOf('?') + 1).split('&')) {
    const [name, ...value] = part.split('=');
    if (Object.hasOwn(written, decoded(name))) written[decoded(name)].push(value.join('='));
  }
  const value = (name) => (written[name].length ? decoded(written[name][0]) : undefined);
  const [state] = written.state;
  const fault = Object.keys(written).find((name) => written[name].length > 1)
    ?? (!['id_token', 'token'].includes(value('response_type')) ? 'response_type'
      : !redirectUris.includes(value('redirect_uri')) ? 'redirect_uri'
      : clientId && value('client_id') !== clientId ? 'client_id'
      : state !== undefined && !(/^[!-~]*$/.test(state)
        && state.replace(/%[\da-f]{2}/gi, 'x').length <= longestState) ? 'state'
      : undefined);
  return fault ? { fault } : { redirectUri: value('redirect_uri'), state };
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
