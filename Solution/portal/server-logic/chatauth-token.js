// Power Pages server logic chatauth-token: POST gives the signed-in visitor's chat token. Assign the authenticated web
// role only.
//
// Body: {"contextVariables": {…}}, optional. Answer, the envelope's Data: {"token", "expiresAt"}, or {"status",
// "message"}; an empty token means that no step serves the custom API. The visitor is whom the site says is signed in,
// never what a body names. The site refuses sources that hold certain words, even here: author-server-logic in
// Microsoft's Power Pages documentation lists them.

/** Gives the answer as text; logs status and coded message, never a token and nobody's name. */
function post() {
  const ContactId = contactOf(Server.User);
  if (!ContactId) return refusal(401, 'Nobody is signed in.');

  let variables;
  try {
    variables = parsed(Server.Context.Body)?.contextVariables;
  } catch {
    return refusal(400, 'The body is not JSON.');
  }

  try {
    const payload = variables ? { ContactId, ContextVariables: JSON.stringify(variables) } : { ContactId };
    const response = parsed(
        Server.Connector.Dataverse.InvokeCustomApi('post', 'chatauth_IssueChatToken', JSON.stringify(payload)));
    const result = parsed(response.Body) ?? {};
    if (response.IsSuccessStatusCode === true) {
      return JSON.stringify({ token: result.Token || '', expiresAt: result.ExpiresAt ?? null });
    }
    // The visitor reads the code, the log what to do.
    const message = codedMessage(result);
    Server.Logger.Error(
        `chatauth_IssueChatToken failed, status ${response.StatusCode}: ${message || 'no code of ChatAuth.'}`);
    const refused = 'The site was refused a chat token.';
    if (message) return refusal(response.StatusCode, `${message.slice(0, 12)}: ${refused}`);
    // Without a code, 401 and 403 are about the site's own user: signing in would not help the visitor.
    const isOfSite = [401, 403].includes(response.StatusCode);
    return refusal(isOfSite ? 424 : response.StatusCode || 502, refused);
  } catch {
    Server.Logger.Error('chatauth_IssueChatToken could not be called');
    return refusal(502, 'The site could not ask for a chat token.');
  }
}

/** A link or a foreign page can make a browser send anything but this: a POST that carries the anti-forgery token. */
function postOnly() {
  return refusal(405, 'Ask for a chat token by POST.');
}

function get() { return postOnly(); }
function put() { return postOnly(); }
function patch() { return postOnly(); }
function del() { return postOnly(); }

function refusal(status, message) {
  return JSON.stringify({ status, message });
}

/** The id of the signed-in contact, or an empty text; runtimes differ in what they call it. */
function contactOf(user) {
  const id = user?.contactid || user?.id || user?.Id || '';
  const text = String(id).replace(/[{}]/g, '').toLowerCase();
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) && /[1-9a-f]/.test(text) ? text : '';
}

/** JSON text or what was parsed from it already: runtimes differ here too. */
function parsed(value) {
  return typeof value === 'string' ? (value ? JSON.parse(value) : null) : value;
}

/** The product's own coded message out of a Dataverse error, or an empty text: any other stays on the server. */
function codedMessage(result) {
  const text = String(result.error?.message ?? '');
  const start = text.search(/CHATAUTH\d{4}: /);
  return start < 0 ? '' : text.slice(start);
}
