/**
 * chatauth-identity.js tells LivePerson's tag, which Live Assist uses, who is signed in: engagements that need a
 * signed-in visitor are shown to nobody else. Its own tag stands ahead of LivePerson's, on every page:
 *
 * data-liveperson-issuer  the JWT issuer that is pasted into Live Assist, letter by letter the tokens' iss
 * data-subject            id of the signed-in visitor's contact, the tokens' sub; none, or empty, for an anonymous
 *                         visitor. Power Pages' own word counts, where the page has it
 *
 * Read at each question, so that a site without page loads sets data-subject anew and calls
 * lpTag.newPage(location.href). It asks nobody, stores nothing and proves nothing: the token does that.
 */
(function () {
'use strict';

if (typeof window === 'undefined') return;

// Read past elements that bear a name of document's (DOM clobbering); an async script is not the current one.
const ofDocument = (name) => Reflect.get(Document.prototype, name, document);
const found = ofDocument('querySelector').call(document, 'script[data-liveperson-issuer]');
const script = [ofDocument('currentScript'), found].find(
    (element) => element instanceof HTMLScriptElement && element.dataset.livepersonIssuer);
if (!script) return;

/** Whom the page names: Power Pages' visitor, else data-subject. */
function subject() {
  try {
    return window.Microsoft.Dynamic365.Portal.User.contactId;
  } catch (e) {
    return script.dataset.subject;
  }
}

/** LivePerson's identity function: calls back with the visitor's identity, null for an anonymous visitor. */
function chatauthIdentity(callback) {
  const sub = String(subject()).replace(/[{}]/g, '').toLowerCase();
  const isContact = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(sub) && /[1-9a-f]/.test(sub);
  callback(isContact ? { iss: script.dataset.livepersonIssuer, acr: 'loa1', sub } : null);
}

// LivePerson's tag keeps the list that it finds. A second tag of this file adds no second function.
try {
  const lpTag = window.lpTag = window.lpTag || {};
  lpTag.identities = lpTag.identities || [];
  if (!lpTag.identities.some(({ name }) => name === chatauthIdentity.name)) lpTag.identities.push(chatauthIdentity);
} catch (e) {
  window.console.warn('LivePerson cannot be told who is signed in: another script holds lpTag.identities fast.');
}
})();
