// The chat widget's stand-in. It treats the token as the genuine one does: the provider is a function by name with a
// callback, it has 10 seconds, the token must have three parts, and before every request exp is compared with the
// clock without leeway.

const usualProvider = 'chatauth.getAuthenticationToken';
const patience = 10000;
const running = 'chat-conversation'; // in the session's storage: what the chat reconnects to after a page load

/** What the service's answer is when it refuses: the desk's view of it. */
export class Refused extends Error {
  constructor(view) {
    super(view.refusal.reason);
    this.view = view;
  }
}

/** No token came; the message is the provider's own. */
export class NoToken extends Error {}

/** The claims of a token; null when it has none. */
export const claimsOf = (token) => partOf(token, 1);

function partOf(token, part) {
  try {
    const base64 = token.split('.')[part].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function isExpired(token) {
  const exp = claimsOf(token)?.exp;
  if (!exp) return false;
  return (exp > 1e12 ? exp / 1000 : exp) < Math.floor(Date.now() / 1000);
}

function askProvider({ provider, codeChallenge }) {
  const ask = provider.split('.').reduce((at, name) => at && at[name], window);
  return new Promise((resolve, reject) => {
    const late = new NoToken('The page gave the chat no answer within 10 seconds.');
    const timer = setTimeout(() => reject(late), patience);
    ask((token, message) => {
      clearTimeout(timer);
      if (token && token.split('.').length === 3) resolve(token);
      else reject(new NoToken(message || 'Authentication was not successful.'));
    }, ...(codeChallenge ? [codeChallenge] : []));
  });
}

export class Chat {
  #kind;
  #token = null;
  #conversation = null;
  #how;

  /**
   * @param {string} kind the word of the portal's kind, or liveassist
   * @param {{provider?: string, codeChallenge?: string}} how the function that is asked for the token, and what Live
   *   Assist passes to it where it is set to the code flow
   */
  constructor(kind, { provider = usualProvider, codeChallenge } = {}) {
    this.#kind = kind;
    this.#how = { provider, codeChallenge };
  }

  get isOpen() { return this.#conversation !== null; }

  /** The token of the last request; null before the first. */
  get token() { return this.#token; }

  /** Opens a conversation; gives the desk's view. */
  async open() {
    this.#token = await askProvider(this.#how);
    const view = await this.#post('', {});
    this.#conversation = view.conversation;
    sessionStorage.setItem(running, JSON.stringify([this.#kind, view.conversation]));
    return view;
  }

  /** The header of a token; null when it has none. */
  static headerOf(token) {
    return partOf(token, 0);
  }

  /** The kind of portal whose conversation ran when the page was left; null for none. */
  static get left() {
    return JSON.parse(sessionStorage.getItem(running))?.[0] ?? null;
  }

  /**
   * Goes on with the conversation of before the page load, or opens a new one: as the real widget does, also where no
   * token came. Gives the desk's view.
   */
  async reconnect() {
    const [, conversation] = JSON.parse(sessionStorage.getItem(running));
    Chat.forget();
    try {
      this.#token = await askProvider(this.#how);
    } catch {
      return this.open();
    }
    this.#conversation = conversation;
    const view = await this.#post(`/${conversation}/reconnect`, {});
    sessionStorage.setItem(running, JSON.stringify([this.#kind, conversation]));
    return view;
  }

  /** Lets the conversation go: the next page load does not reconnect. */
  static forget() {
    sessionStorage.removeItem(running);
  }

  /** Says something; gives the desk's view. */
  async send(text) {
    if (isExpired(this.#token)) this.#token = await askProvider(this.#how);
    return this.#post(`/${this.#conversation}/messages`, { text });
  }

  /**
   * Sends a token to the service as somebody else might, without a conversation; gives the desk's view, a refusal too.
   */
  static async knock(kind, token) {
    return (await request(kind, '', {}, token)).view;
  }

  async #post(path, body) {
    const { view } = await request(this.#kind, path, body, this.#token);
    if (view.refusal) throw new Refused(view);
    return view;
  }
}

async function request(kind, path, body, token) {
  const response = await fetch(`/chat-service/${kind}/conversations${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', AuthenticatedUserToken: token },
    body: JSON.stringify(body),
    cache: 'no-store',
  });
  if (response.status !== 200 && response.status !== 401) {
    throw new Error('The chat service did not answer. Open the chat again.');
  }
  return { view: await response.json() };
}
