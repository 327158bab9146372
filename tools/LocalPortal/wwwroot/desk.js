// The agent's desk and the token inspector: shows one view of the chat service, { conversation, refusal, contact,
// context, token, lines }.

const at = (id) => document.getElementById(id);
let expiresAt = null;
let lifetime = 900;
const waiting = at('desk-empty').textContent;

const nothing = [...at('claims').children];

// What was accepted last: a refused token is compared with it, a conversation's next values with those before.
let accepted = null;

const row = (...texts) => {
  const line = document.createElement('tr');
  line.append(...texts.map((text, i) => {
    const cell = document.createElement(i === 0 ? 'th' : 'td');
    if (i === 0) cell.scope = 'row';
    cell.textContent = text;
    cell.dir = 'auto';
    return cell;
  }));
  return line;
};

/** Shows a view. */
export function show(view) {
  const isIn = !view.refusal;
  at('agent-authenticated').textContent = isIn ? 'Yes' : 'No';
  at('agent-authenticated').dataset.state = isIn ? 'yes' : view.refusal.reason ? 'no' : '';
  at('agent-refusal').hidden = !view.refusal?.reason;
  at('agent-refusal').textContent = view.refusal?.reason ? 'Refused: ' + view.refusal.reason : '';
  at('agent-refusal').dataset.code = view.refusal?.code ?? '';
  at('desk-empty').textContent = view.refusal?.reason ? 'No contact pops up for a token that was refused.' : waiting;
  showContact(view.contact);
  showContext(view.context, isIn && view.conversation === accepted?.conversation ? accepted.context : []);
  showToken(view.token, isIn);
  const { state } = at('agent-authenticated').dataset;
  at('desk-echo').dataset.state = state;
  at('desk-echo').textContent = state === 'yes' ? `The desk: authenticated, ${view.contact.name || 'not linked'}`
    : state === 'no' ? 'The desk: not authenticated. ' + at('agent-refusal').textContent : 'The desk: nobody is there';
  if (isIn) accepted = view;
}

/** Shows that nobody is there. */
export function clear() {
  show({ refusal: { code: '', reason: '' }, contact: null, context: [], token: null });
}

function showContact(contact) {
  at('contact-card').hidden = !contact;
  at('desk-empty').hidden = !!contact;
  at('agent-contact').textContent = contact ? contact.name || 'Contact not linked' : '';
  at('agent-contact-id').textContent = contact ? contact.id : '';
  at('agent-lines').textContent = contact ? [contact.email, contact.telephone].filter(Boolean).join(' · ') : '';
  at('agent-note').hidden = !contact?.note;
  at('agent-note').textContent = contact?.note ?? '';
  at('monogram').textContent = contact?.name ? [...new Intl.Segmenter().segment(contact.name)][0].segment : '?';
  at('contact-card').classList.remove('pop');
  if (contact) requestAnimationFrame(() => at('contact-card').classList.add('pop'));
}

function showContext(context, before) {
  const variables = context.length ? context : [{ key: 'none', value: '' }];
  const changed = before.flatMap(({ key, value }) =>
    context.find((variable) => variable.key === key)?.value === value ? [] : [`${key} was ${value}`]);
  at('context-changed').hidden = !changed.length;
  at('context-changed').textContent = changed.length ? 'Changed by the new token: ' + changed.join(', ') : '';
  at('agent-context').replaceChildren(...variables.map(({ key, value }) => {
    const pair = document.createElement('div');
    pair.append(
        Object.assign(document.createElement('dt'), { textContent: key }),
        Object.assign(document.createElement('dd'), { textContent: value }));
    return pair;
  }));
}

function showToken(token, isIn) {
  document.querySelector('.inspector').dataset.state = !token ? '' : isIn ? 'yes' : 'no';
  at('token-header').textContent = token ? JSON.stringify(token.header, null, 2) : '';
  at('token-payload').textContent = token ? JSON.stringify(token.payload, null, 2) : '';
  at('signed-by').textContent = token?.signedBy ?? 'nobody yet';
  at('verified-by').textContent = token?.verifiedBy ?? 'nobody yet';
  // The portal's own token has no number.
  const numberOf = ({ payload }) => payload.jti ?? payload.iat;
  const signed = !isIn && token && accepted && numberOf(token) === numberOf(accepted.token)
    ? accepted.token.payload : null;
  at('claims').replaceChildren(...(token?.claims.map(({ name, value, meaning }) => {
    const isTampered = signed && JSON.stringify(signed[name]) !== JSON.stringify(token.payload[name]);
    const line = row(name, value, isTampered ? `tampered with: it was signed as ${signed[name]}` : meaning);
    line.classList.toggle('tampered', !!isTampered);
    return line;
  }) ?? nothing));
  expiresAt = token?.expiresAt ?? null;
  lifetime = token?.payload.iat ? Math.max(1, expiresAt - token.payload.iat) : 900;
  tick();
}

/** Brings the time left up to date. */
export function tick() {
  const left = expiresAt === null ? null : expiresAt - Math.floor(Date.now() / 1000);
  at('time-left').textContent = left === null ? 'no token yet'
    : left <= 0 ? 'expired'
    : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
  at('time-left').dataset.state = left !== null && left <= 60 ? 'low' : '';
  at('meter').style.setProperty('--left', left === null ? 0 : Math.max(0, Math.min(1, left / lifetime)));
}

setInterval(tick, 1000);
