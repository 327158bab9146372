// Live Assist's chat in a window of its own, to which the portal sends it back: takes the token out of the fragment,
// compares the state with the one that it was opened with, and opens a conversation by the token.
import { Chat } from './chat.js';

const at = (id) => document.getElementById(id);
const answer = new URLSearchParams(location.hash.slice(1));
const state = answer.get('state');
const errors = {
  access_denied: 'The portal refuses you the chat.',
  server_error: 'The portal could not confirm you.',
};

/** What is to be said; the desk, in the window that opened this one, is shown the rest. */
async function open() {
  if (answer.get('error')) return errors[answer.get('error')] ?? 'The portal answers with an unknown error.';
  if (!answer.get('id_token')) return 'The portal sent no token.';
  if (state !== sessionStorage.getItem('window-state')) return 'The answer is another window’s: its state differs.';
  const view = await Chat.knock('liveassist', answer.get('id_token'));
  window.opener?.postMessage(view, location.origin);
  if (view.refusal) return `Refused: ${view.refusal.reason}`;
  return `You chat as ${view.contact.name || 'a contact that is not linked'}.`;
}

// Neither the history nor a reload has the token.
history.replaceState(null, '', location.pathname);
at('window-state').textContent = state ?? '';
try {
  at('window-said').textContent = await open();
} catch (error) {
  at('window-said').textContent = error.message;
}
