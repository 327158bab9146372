// The page: its visitor, its portal, its chat, and the buttons around it.
//
// Test ids beside those of the issue: contact-card, agent-refusal (data-code: format, algorithm, no-kid, unknown-kid,
// keys, signature, expired, not-yet, issuer, claims, subject, context, visitor), time-left, signed-by, verified-by,
// chat-log, chat-input, chat-send, expired-token, tampered-claim, foreign-key, keys, revoke-now, move-site, pass-hour,
// set-back, fail-next, reload-page, second-visitor, portal-function, said, desk-echo, context-changed, la-*; sign-in on
// the page /sign-in. sign-in-as holds contact ids or none, portal-kind powerpages or custom, keys kids; the first two
// take effect without a page load. #chat opens the chat.
import { Chat, NoToken, Refused } from './chat.js';
import { foreign, tampered } from './attacks.js';
import * as desk from './desk.js';

const at = (id) => document.getElementById(id);
const chatauthTag = document.querySelector('script[data-token-url]');
const antiforgery = document.querySelector('input[name="__RequestVerificationToken"]');
// An open page keeps what it was loaded with, wherever the site has moved since.
const kinds = { powerpages: document.body.dataset.powerPagesUrl, custom: '/auth/token' };

const isLiveAssist = () => at('chat-service').value === 'liveassist';
const channel = () => (isLiveAssist() ? 'liveassist' : at('portal-kind').value);
const how = () => (isLiveAssist() ? {
  provider: at('la-method').value,
  codeChallenge: at('la-type').value === 'code' ? 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' : undefined,
} : {});

let chat = null;
let stolen = null;               // the last good token, which the attacks begin with
let pending = Promise.resolve(); // a change of visitor, portal or stack: whoever comes after it waits
let failure = null;              // the last chatauth:error
let shown = at('sign-in-as').value; // who is signed in, as the site said last

/** Does one thing after the other, and says on the page when one fails. */
function inTurn(action) {
  pending = pending.then(action).catch((error) => showError(error.message));
  return pending;
}

async function control(name, body) {
  const ask = () => fetch('/local/' + name, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', __RequestVerificationToken: antiforgery.value },
    body: JSON.stringify(body ?? {}),
  });
  let response = await ask();
  if (response.status === 400) {
    // Somebody signed in or out in another window.
    antiforgery.value = await (await fetch('/auth/antiforgery', { cache: 'no-store' })).text();
    response = await ask();
  }
  if (response.status !== 200 && response.status !== 409) {
    throw new Error('The page is older than the site. Load it again.');
  }
  const { said, ahead, keys, antiforgery: next, visitor } = await response.json();
  antiforgery.value = next;
  showVisitor(visitor);
  window.stackClock.ahead = ahead;
  at('clock-note').textContent = ahead ? `Its clocks are ${Math.round(ahead / 60)} minutes ahead.` : '';
  showKeys(keys);
  desk.tick();
  return said;
}

const signing = ', signs'; // behind the key that does

/** The keys that can be revoked; the one that signed the token at hand is chosen. */
function showKeys(keys) {
  const own = Chat.headerOf(stolen)?.kid;
  at('keys').replaceChildren(...keys.map(({ kid, signs }) => {
    const option = new Option(kid.slice(0, 8) + '…' + (signs ? signing : ''), kid);
    option.selected = kid === own;
    return option;
  }));
}

const notSignedIn = 'You are not signed in. Choose who you are above, or sign in, then start the chat.';

const hints = {
  'not-configured': 'This site cannot open an authenticated chat yet.',
  timeout: 'The site took too long.',
  network: 'The site could not be reached.',
  refused: 'You could not be confirmed for the chat.',
  clock: 'The clock of this computer is wrong.',
};

function showError(text, code) {
  at('chat-error').hidden = !text;
  at('chat-error').textContent = code === 'not-signed-in' ? notSignedIn
    : (code && hints[code] ? hints[code] + ' ' : '') + (text ?? '');
  at('chat-error').dataset.code = code ?? '';
}

function showLines(lines) {
  at('chat-log').replaceChildren(...lines.map(({ from, text }) => {
    const line = Object.assign(document.createElement('li'), { className: from, dir: 'auto' });
    const who = Object.assign(document.createElement('span'), {
      className: 'visually-hidden',
      textContent: { visitor: 'You: ', agent: 'Agent: ', note: 'Note: ' }[from],
    });
    line.append(who, text);
    return line;
  }));
  at('chat-scroll').scrollTop = at('chat-scroll').scrollHeight;
}

function showChat(view) {
  stolen = chat.token;
  desk.show(view);
  const own = [...at('keys').options].find(({ value }) => value === Chat.headerOf(stolen)?.kid);
  if (own) own.selected = true;
  showLines(view.lines);
  showError('');
  at('say').hidden = false;
  at('start-chat').textContent = 'Start again';
}

function endChat() {
  chat = null;
  Chat.forget();
  at('say').hidden = true;
  at('start-chat').textContent = 'Start chat';
}

const before = 'Load the page again: the site has changed since it was loaded.';
const owners = 'That is for the site’s owner to mend: see the desk.';

/** What helps whose token was refused, by the desk's code; else another token does. */
const remedies = {
  'no-kid': before, signature: before, keys: owners, issuer: owners, algorithm: owners, format: owners, claims: owners,
  subject: owners, context: owners, 'not-yet': 'The clocks of portal and chat service differ. Try again later.',
};
const pastedKey = 'Start the chat again. Where that is refused too, the key that is pasted below is another than the '
    + 'one that signs.';

/** The chat's own failures; a refusal is the desk's too. */
function explain(error) {
  endChat();
  if (error instanceof Refused) {
    // The portal's token was refused: another may do better.
    window.chatauth.reset();
    desk.show(error.view);
    const { code } = error.view.refusal;
    const remedy = isLiveAssist() && code === 'signature' ? pastedKey : remedies[code] ?? 'Start the chat again.';
    showError(`The chat service refused the token. ${remedy}`);
  } else if (error instanceof NoToken) showError(error.message, failure?.code);
  else showError(error.message);
}

async function openChat(open = (chat) => chat.open()) {
  failure = null;
  showError('');
  showLines([]);
  desk.clear();
  at('start-chat').setAttribute('aria-busy', 'true');
  try {
    // Whoever is sent to sign in comes back to #chat, which opens the chat.
    history.replaceState(null, '', '#chat');
    chat = new Chat(channel(), how());
    showChat(await open(chat));
    at('chat-input').focus();
  } catch (error) {
    explain(error);
  } finally {
    at('start-chat').removeAttribute('aria-busy');
  }
}

function say(...lines) {
  at('said').replaceChildren(...lines.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
}

function setContext() {
  const total = (Math.max(0, Number(at('bags').value) || 0) * 12).toFixed(2);
  at('total').textContent = total;
  window.chatauth.setContext({ msdyn_cartvalue: total, msdyn_isvip: String(at('vip').checked) });
}

/** Sends a made-up token to the desk. */
async function attack(make, what) {
  if (!stolen) {
    say('Start a chat first: an attacker needs a token to begin with.');
    return;
  }
  const view = await Chat.knock(channel(), await make(stolen));
  desk.show(view);
  say(`${what} ${view.refusal ? 'Refused: ' + view.refusal.reason : 'It was accepted. This must not happen.'}`);
}

window.addEventListener('chatauth:error', (event) => {
  // What another script took is the site's own affair, and no failure of the visitor's.
  if (event.detail.code === 'replaced') say('chatauth.js noticed: ' + event.detail.message);
  else failure = event.detail;
});

at('start-chat').addEventListener('click', () => inTurn(() => openChat()));
at('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = at('chat-input').value.trim();
  if (!text || !chat) return;
  at('chat-input').value = '';
  inTurn(async () => {
    try {
      showChat(await chat.send(text));
    } catch (error) {
      at('chat-input').value = text;
      explain(error);
    }
  });
});

/** Who is signed in, where that has changed, here or in another window. */
function showVisitor(visitor) {
  if (visitor === shown) return;
  shown = visitor;
  at('sign-in-as').value = visitor;
  document.querySelector('script[data-liveperson-issuer]').dataset.subject = visitor === 'none' ? '' : visitor;
  showIdentity();
}

/** What LivePerson's tag is told. */
function showIdentity() {
  const told = [];
  window.lpTag.identities.forEach((identity) => identity((visitor) => told.push(visitor)));
  at('la-identity').textContent = told.map((visitor) => JSON.stringify(visitor)).join('\n');
}

at('sign-in-as').addEventListener('change', ({ target: { value: contact } }) => inTurn(async () => {
  await control('visitor', { contact });
  window.chatauth.reset();
  endChat();
  stolen = null;
  history.replaceState(null, '', location.pathname + location.search);
  showLines([]);
  showError('');
  desk.clear();
}));
at('portal-kind').addEventListener('change', () => inTurn(() => {
  const kind = at('portal-kind').value;
  chatauthTag.dataset.tokenUrl = kinds[kind];
  window.chatauth.reset();
  endChat();
  history.replaceState(null, '', '?portal=' + kind);
  showLines([]);
  showError('');
  desk.clear();
}));
at('chat-service').addEventListener('change', () => inTurn(() => {
  at('live-assist').hidden = !isLiveAssist();
  endChat();
  showLines([]);
  showError('');
  desk.clear();
}));
at('bags').addEventListener('input', setContext);
at('vip').addEventListener('change', setContext);

/** A button of "What protects you": busy from the click until its turn is over. */
function onPress(id, action) {
  at(id).addEventListener('click', () => {
    at(id).setAttribute('aria-busy', 'true');
    at(id).closest('form, section').append(at('said')); // where whoever pressed it looks
    inTurn(action).then(() => at(id).removeAttribute('aria-busy'));
  });
}

onPress('rotate-now', async () => say(...await control('rotate')));
onPress('revoke-now', async () => {
  const said = await control('revoke', { key: at('keys').value });
  if (stolen) desk.show(await Chat.knock(channel(), stolen));
  say(...said, ...(stolen ? ['The token of before was sent once more: see the desk.'] : []), ...(isLiveAssist() ? [
    'Live Assist takes the tokens of the key that is pasted there until another is.'] : []));
  window.chatauth.reset(); // the page may hold a token of that key
});
onPress('move-site', async () => say(...await control('move')));
onPress('pass-hour', async () => {
  await control('clock', { minutes: 60 });
  say('An hour has passed. ' + (chat ? 'Say something: the chat asks for a new token first.'
      : 'Start a chat: its token is as old as the chat.'));
});
onPress('set-back', async () => {
  await control('clock', { minutes: 0 });
  window.chatauth.reset(); // the page may hold a token that is not valid yet
  const signs = [...at('keys').options].some(({ text }) => text.endsWith(signing));
  say('The clocks are right again.', ...(signs ? [] : [
    'No key signs yet, since the next one was made while they were ahead. Press "Rotate now", or wait for its time.']));
});
onPress('fail-next', async () => {
  await control('fail');
  say('The next token request is answered with 503. Start a chat, or load the page again in the middle of one.');
});
onPress('reload-page', () => location.reload());
onPress('second-visitor', () => {
  window.open('/sign-in?returnUrl=' + encodeURIComponent('/?portal=' + at('portal-kind').value));
  say('Sign in as somebody else there, then come back here. A new chat is that visitor’s, whatever it says above.');
});
onPress('portal-function', () => new Promise((loaded, failed) => {
  const script = Object.assign(document.createElement('script'), { src: '/portal-token.js' });
  script.addEventListener('load', () => loaded(window.auth)); // whoever reads the name sets off the notice
  script.addEventListener('error', () => failed(new Error('The script could not be loaded.')));
  document.head.append(script);
}));
onPress('la-values', async () => {
  const [json] = await control('liveassist/values');
  const { issuer, publicKey, jsMethodName, authenticationEndpoint, clientId } = JSON.parse(json);
  at('la-issuer').value = issuer;
  at('la-endpoint').value = authenticationEndpoint;
  at('la-client').value = clientId;
  at('la-key').value = publicKey;
  at('la-method').value = jsMethodName;
  say('These are the values of chatauth liveassist. Save them.');
});
onPress('la-save', async () => {
  say(...await control('liveassist/save', { issuer: at('la-issuer').value, key: at('la-key').value }));
  showError('');
});
at('la-window').addEventListener('click', () => {
  at('la-window').closest('form').append(at('said'));
  const { value } = at('la-endpoint');
  const endpoint = URL.canParse(value) ? new URL(value) : null;
  if (!endpoint || !['https:', 'http:'].includes(endpoint.protocol)) {
    say(value.trim() ? 'The authentication endpoint is no https address, so no window is opened.'
      : 'Fill in the values first: there is no authentication endpoint.');
    return;
  }
  const state = crypto.randomUUID();
  sessionStorage.setItem('window-state', state); // the new window has a copy
  const asked = new URLSearchParams(
      { response_type: 'id_token', client_id: at('la-client').value, redirect_uri: at('la-redirect').value, state });
  window.open(`${location.origin}${endpoint.pathname}?${asked}`, '_blank', 'popup,width=480,height=640');
});
window.addEventListener('message', ({ data, origin }) => {
  if (origin !== location.origin || data.token === undefined) return;
  desk.show(data);
  inTurn(() => control('keys')); // its visitor may have signed in there
});
onPress('la-rotate', async () => say(...await control('liveassist/rotate')));
onPress('la-pasted', async () => {
  say(...await control('liveassist/pasted'));
  window.chatauth.reset(); // the page may hold a token of the old key
});
onPress('expired-token', async () => {
  if (stolen) await control('clock', { minutes: 16 });
  await attack((token) => token, 'Sixteen minutes passed, then the token was used.');
});
onPress('tampered-claim', () => attack(tampered, 'The contact’s id in the token was changed.'));
onPress('foreign-key', () => attack(foreign, 'The claims were signed with another key.'));

at('la-redirect').value = `${location.origin}/live-assist/window`;
showIdentity();
setContext();
inTurn(() => control('keys'));
if (Chat.left === 'liveassist') {
  at('chat-service').value = Chat.left;
  at('live-assist').hidden = false;
}
if (Chat.left) {
  if (Chat.left === channel()) inTurn(() => openChat((chat) => chat.reconnect()));
  else Chat.forget();
} else if (location.hash === '#chat') inTurn(() => openChat());
