/**
 * ChatAuth's endpoints for a portal on Node. In Express, ahead of any body parser (npm install @azure/identity):
 * app.use('/auth', mapChatAuth({ environment: 'https://yourorg.crm.dynamics.com', credential: new
 * DefaultAzureCredential(),
 *     contactOf: (request) => request.session?.contactId, isGenuine: (request) => yourAntiForgeryCheck(request) }));
 * POST /token       the signed-in visitor's JWT as text; isGenuine checks the header __RequestVerificationToken that
 * chatauth.js sends GET  /publickey   what the chat service verifies with: format 'keyset' (default), 'jwks' or 'pem'
 * The credential is the application user's, whose entry in "callers" is {"contact": "parameter"}. The contact comes
 * from the portal's own session, never from the request. Nothing is logged; who logs answers shall leave their bodies
 * out.
 */
import { createHash } from 'node:crypto';

export function mapChatAuth(
    { environment, credential, contactOf, isGenuine, format = 'keyset', perMinute = 20, now = Date.now }) {
  const asked = new Map(); // contact → when it asked within the last minute
  const keys = { until: 0, text: '' };
  async function call(api, parameters) {
    const { token } = await credential.getToken(`${new URL(environment).origin}/.default`);
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const response = await fetch(new URL(`/api/data/v9.2/${api}`, environment),
        { method: 'POST', headers, body: JSON.stringify(parameters), signal: AbortSignal.timeout(8000) });
    return { status: response.status, body: await response.json().catch(() => ({})) };
  }
  async function token(request, answer) {
    const { origin, host, 'sec-fetch-site': site } = request.headers;
    const isSameOrigin = site ? site === 'same-origin' : URL.canParse(origin) && new URL(origin).host === host;
    if (!isSameOrigin || !await isGenuine(request)) return answer(400, 'The request did not come from this site.');
    const contact = await contactOf(request);
    if (!contact) return answer(401, 'The visitor is not signed in.');
    for (const [who, times] of asked) if (times.at(-1) <= now() - 60_000) asked.delete(who);
    const times = asked.get(contact)?.filter((time) => time > now() - 60_000) ?? [];
    if (times.push(now()) > perMinute) return answer(
        429, 'Too many tokens were asked for. Wait a minute.', { 'Retry-After': 60 });
    asked.set(contact, times);
    let [text, variables] = [''];
    for await (const part of request.setEncoding('utf8')) if (
        (text += part).length > 65_536) return answer(413, 'The body is too long.');
    try { variables = JSON.parse(text || '{}')?.contextVariables; } catch { return answer(400, 'The body is not JSON.'); }
    const { status, body } = await call('chatauth_IssueChatToken',
        { ContactId: contact, ...(variables && { ContextVariables: JSON.stringify(variables) }) });
    if (status === 200) return answer(200, null, { 'Content-Type': 'application/jwt' }, body.Token);
    // Only ChatAuth's own messages reach the visitor; a 401 or 403 without one is about the application user.
    const coded = /CHATAUTH\d{4}: .*/s.exec(body.error?.message)?.[0];
    return answer(
        coded || ![401, 403].includes(status) ? status : 424, coded ?? 'The portal was refused a chat token.');
  }
  async function publicKey(request, answer) {
    const read = async () =>
        (await call('chatauth_GetPublicKeys', {})).body[{ keyset: 'KeySet', jwks: 'Jwks', pem: 'Pem' }[format]];
    // One request to Dataverse for all who wait; the last good keys are served while it fails, and it is asked again
    // soon.
    if (now() >= keys.until) await (
        keys.reading ??= read().catch(() => '').then(
            (text) => Object.assign(
                keys, { text: text || keys.text, until: now() + (text ? 300_000 : 5_000), reading: null })));
    if (!keys.text) return answer(503, 'The keys cannot be read at the moment.', { 'Retry-After': 5 });
    const tag = `"${createHash('sha256').update(keys.text).digest('base64url')}"`;
    const headers = {
        ETag: tag,
        'Cache-Control': 'public, max-age=300',
        'Content-Type': format === 'pem' ? 'application/x-pem-file' : 'application/json',
    };
    return request.headers['if-none-match'] === tag ? answer(304, null, headers, '')
        : answer(200, null, headers, keys.text);
  }
  return async (request, response, next) => {
    const answer = (status, message, headers, body = JSON.stringify({ status, message })) => response
      .writeHead(
          status, {
              'Cache-Control': 'no-store',
              'X-Content-Type-Options': 'nosniff',
              'Content-Type': 'application/json',
              ...headers,
          }).end(body);
    const [method, serve] =
        { '/token': ['POST', token], '/publickey': ['GET', publicKey] }[request.url.split('?')[0]] ?? [];
    if (!serve) return next ? next() : answer(404, 'There is nothing here.');
    if (request.method !== method) return answer(405, `Ask by ${method}.`, { Allow: method });
    return serve(request, answer).catch(() => answer(502, 'Dataverse could not be reached.'));
  };
}
