/**
 * chatauth-window.js sends LivePerson's chat in a window of its own back with the visitor's token, from a page of a
 * Power Pages site; authorize.html is its web template. Its tag stands below chatauth.js:
 *
 * data-redirect-uris  the addresses of LivePerson's window, with blanks between, as liveAssist.externalWindow in
 *                     chatauth.json has them: a token goes to no other
 * data-client-id      the client id that the window must name; none, or empty, where any will do
 *
 * Whatever is wrong with the request is said on the page, and leads nowhere. The token stands in the fragment alone,
 * which no server is sent.
 */
(function () {
'use strict';

const { location, chatauth } = window;
const { redirectUris = '', clientId = '' } = document.currentScript.dataset;
const longestState = 2000; // its escapes counted as one

// As every browser reads it.
const windowAddress = /^https:\/\/[\w.-]+(:\d+)?([/?][!"$-Z[\]-~]*)?$/;

function decoded(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch (e) {
    return text;
  }
}

/** Gives { redirectUri, state }, the state as it stood in the address, or { fault }: the parameter that is wrong. */
function readRequest() {
  const written = { response_type: [], redirect_uri: [], client_id: [], state: [] };
  location.search.slice(1).split('&').forEach((part) => {
    const [name, ...value] = part.split('=');
    const list = Object.prototype.hasOwnProperty.call(written, decoded(name)) ? written[decoded(name)] : [];
    list.push(value.join('='));
  });
  const [type, redirectUri, client] = ['response_type', 'redirect_uri', 'client_id']
    .map((name) => (written[name].length ? decoded(written[name][0]) : undefined));
  const [state] = written.state;
  const twice = Object.keys(written).find((name) => written[name].length > 1);
  const isState = state === undefined
      || (/^[!-~]*$/.test(state) && state.replace(/%[\da-f]{2}/gi, 'x').length <= longestState);
  const fault = twice
    || (!['id_token', 'token'].includes(type) ? 'response_type'
      : !redirectUris.split(/\s+/).includes(redirectUri) || !windowAddress.test(redirectUri) ? 'redirect_uri'
      : clientId && client !== clientId ? 'client_id'
      : !isState && 'state');
  return fault ? { fault } : { redirectUri, state };
}

function say(text) {
  document.querySelector('#chatauth-window').textContent = text;
}

const { fault, redirectUri, state } = readRequest();
const back = (outcome) => location.replace(`${redirectUri}#${outcome}${state === undefined ? '' : `&state=${state}`}`);
if (window.top !== window) say('The chat opens in a window of its own only.');
else if (fault) say(`The chat cannot be opened: this site does not know what asks for it (${fault}). Tell its owner.`);
else {
  chatauth.getToken().then(
      (token) => back(`id_token=${token}`),
      ({ code }) => back(`error=${['not-signed-in', 'refused'].includes(code) ? 'access_denied' : 'server_error'}`));
}
})();
