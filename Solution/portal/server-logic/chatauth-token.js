// Power Pages server logic chatauth-token: POST gives the signed-in visitor's chat token. Assign the authenticated web
// role only.
//
// Body: {"contextVariables": {…}}, optional. Answer, the envelope's Data: {"token", "expiresAt"}, or {"status",
// "message"}; an empty token means that no step serves the custom API. The visitor is whom the site says is signed in,
// never what a body names.
// Functions of the oldest kind only: local stand-ins run this very file. The site refuses sources that hold certain
// words, even here: author-server-logic in Microsoft's Power Pages documentation lists them.

/** Gives the answer as text; logs a status, never a token and nobody's name. */
function post() {
    var contact = chatauthContact(Server.User);
    if (contact === null) {
        return chatauthRefusal(401, 'The visitor is not signed in. Sign in, then open the chat again.');
    }

    var payload = { ContactId: contact };
    try {
        var body = chatauthParsed(Server.Context.Body);
        if (body && body.contextVariables) {
            payload.ContextVariables = JSON.stringify(body.contextVariables);
        }
    } catch (malformed) {
        return chatauthRefusal(400, 'The body is not JSON.');
    }

    try {
        var response = chatauthParsed(
            Server.Connector.Dataverse.InvokeCustomApi('post', 'chatauth_IssueChatToken', JSON.stringify(payload)));
        var result = chatauthParsed(response.Body) || {};
        if (response.IsSuccessStatusCode === true) {
            return JSON.stringify({ token: result.Token || '', expiresAt: result.ExpiresAt || null });
        }
        Server.Logger.Error('chatauth_IssueChatToken answered ' + response.StatusCode);
        var message = chatauthMessage(result);
        if (message) {
            return chatauthRefusal(response.StatusCode, message);
        }
        // Without a code, 401 and 403 are about the site's own user: signing in would not help the visitor.
        var status = response.StatusCode === 401 || response.StatusCode === 403 ? 424 : response.StatusCode || 502;
        return chatauthRefusal(status, 'The site was refused a chat token.');
    } catch (failed) {
        Server.Logger.Error('chatauth_IssueChatToken could not be called');
        return chatauthRefusal(502, 'The site could not ask for a chat token.');
    }
}

function get() { return chatauthPostOnly(); }
function put() { return chatauthPostOnly(); }
function patch() { return chatauthPostOnly(); }
function del() { return chatauthPostOnly(); }

/** A link or a foreign page can make a browser send anything but this: a POST that carries the anti-forgery token. */
function chatauthPostOnly() {
    return chatauthRefusal(405, 'Ask for a chat token by POST.');
}

function chatauthRefusal(status, message) {
    return JSON.stringify({ status: status, message: message });
}

/** The id of the signed-in contact, or null; runtimes differ in what they call it. */
function chatauthContact(user) {
    var id = user ? user.contactid || user.id || user.Id : null;
    var text = id ? String(id).replace(/[{}]/g, '').toLowerCase() : '';
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) && /[1-9a-f]/.test(text) ? text : null;
}

/** JSON text or what was parsed from it already: runtimes differ here too. */
function chatauthParsed(value) {
    return typeof value === 'string' ? (value ? JSON.parse(value) : null) : value;
}

/** The product's own coded message out of a Dataverse error, or an empty text: any other stays on the server. */
function chatauthMessage(result) {
    var text = result.error && result.error.message ? String(result.error.message) : '';
    var start = text.search(/CHATAUTH\d{4}: /);
    return start < 0 ? '' : text.substring(start);
}
