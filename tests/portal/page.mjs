// A page for chatauth.js: a tiny window over a clock and a network that tests move by hand.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

/** The file under test; CHATAUTH_JS names another one, to see tests fail on it. */
export const chatauthFile = process.env.CHATAUTH_JS
  ? pathToFileURL(process.env.CHATAUTH_JS)
  : new URL('../../Solution/portal/chatauth.js', import.meta.url);
const source = readFileSync(chatauthFile, 'utf8');

const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS with these claims; nobody here looks at its signature. */
export const jwt = (claims) => `${segment({ alg: 'RS256', typ: 'JWT' })}.${segment(claims)}.c2lnbmF0dXJl`;

/** An HTTP answer with the members of Response that chatauth.js may use. */
export function answer(body, { status = 200, headers = {}, type = 'basic' } = {}) {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status, type, ok: status >= 200 && status < 300,
    headers: { get: (name) => lower[name.toLowerCase()] ?? null },
    text: async () => (typeof body === 'string' ? body : JSON.stringify(body)),
  };
}

/** A script tag; of a page's elements only this one is taken for chatauth.js's own. */
export class HTMLScriptElement {
  constructor(dataset) {
    this.dataset = dataset;
  }
}

/** What chatauth.js uses of a document. As in a browser, an element may hide a member under its own name. */
class Document extends EventTarget {
  #page;
  #isHidden = false;
  #script;

  constructor(page, script) {
    super();
    this.#page = page;
    this.#script = script;
    this.baseURI = page.base;
  }

  get currentScript() { return this.#script; }

  get hidden() { return this.#isHidden; }

  set hidden(isHidden) { this.#isHidden = isHidden; }

  hasFocus() { return this.#page.hasFocus; }

  querySelector(selector) {
    return selector.startsWith('script') ? this.#page.tag : this.#page.field;
  }
}

/** Lets every promise that can settle do so; setImmediate comes after all of them. */
export const settle = async () => { for (let i = 0; i < 3; i++) await new Promise((done) => setImmediate(done)); };

/**
 * Opens a page. `network` is called for each request and gives an answer or a promise; `before` is given the document
 * before chatauth.js runs; the members below are what tests look at.
 */
export class Page {
  constructor({
    attributes = { tokenUrl: '/auth/token' },
    network,
    href = 'https://contosohelp.com/help?a=1#top',
    globals = {},
    script,
    base = href,
    before = () => {},
  } = {}) {
    this.trueTime = 1_800_000_000_000;  // what the servers' clocks say
    this.clockError = 0;                // what this machine's wall clock is off by
    this.steady = 5_000;
    this.timers = new Map();
    this.requests = [];
    this.errors = [];
    this.assigned = [];
    this.storageTouched = false;
    this.logged = false;
    this.warnings = [];
    this.field = null;
    this.hasFocus = true;
    this.base = base;
    this.tag = new HTMLScriptElement(attributes);
    this.network = network ?? (() => answer(this.issue()));
    this.window = this.#window({ href, globals, script: script === undefined ? this.tag : script });
    this.document = this.window.document;
    before(this.document);
    this.window.addEventListener('chatauth:error', (event) => this.errors.push({ ...event.detail }));
    this.load();
  }

  /** Runs chatauth.js, as its script tag does. */
  load() {
    vm.runInContext(source, this.context, { filename: 'chatauth.js' });
  }

  /** A token of the server, issued now, by the server's clock. */
  issue({ life = 900, ...claims } = {}) {
    const iat = Math.floor(this.trueTime / 1000);
    return jwt({
      iss: 'contosohelp.com',
      sub: '87b4d06c-abc2-e811-a9b0-000d3a10e09e',
      iat,
      exp: iat + life,
      jti: String(this.requests.length),
      ...claims,
    });
  }

  /** The visitor clicks: for as long as a browser says, what the page does is the visitor's own doing. */
  touch() {
    this.window.navigator.userActivation = { isActive: true, hasBeenActive: true };
  }

  /** Calls auth.getAuthenticationToken; gives the list that its callback's arguments end up in. */
  ask(method = (callback) => this.window.auth.getAuthenticationToken(callback)) {
    const answers = [];
    method((...args) => answers.push({ args, at: this.steady }));
    return answers;
  }

  /** Asks and waits, for a second try too; gives the arguments of the one callback. */
  async get() {
    const answers = this.ask();
    await settle();
    if (answers.length === 0) await this.pass(400);
    if (answers.length !== 1) throw new Error(`${answers.length} answers`);
    return answers[0].args;
  }

  /** Time passes, timers fire on time. */
  async pass(ms) {
    const end = this.steady + ms;
    for (;;) {
      await settle();
      const next = [...this.timers.values()].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.#move(Math.max(0, next.due - this.steady));
      this.#fire(next);
    }
    this.#move(end - this.steady);
    await settle();
  }

  /**
   * Time passes and nothing runs; the steady clock may stand still, as it does on some machines. Call wake() after it.
   */
  sleep(ms, { steadyStops = false } = {}) {
    this.trueTime += ms;
    if (!steadyStops) this.steady += ms;
  }

  /** Timers that are due fire, late. */
  async wake() {
    for (const timer of [...this.timers.values()]) if (timer.due <= this.steady) this.#fire(timer);
    await settle();
  }

  /** What window.addEventListener and document.addEventListener took is told. */
  async tell(target, type, members = {}) {
    target.dispatchEvent(Object.assign(new Event(type), members));
    await settle();
  }

  #move(ms) {
    this.steady += ms;
    this.trueTime += ms;
  }

  #fire(timer) {
    this.timers.delete(timer.id);
    timer.run();
  }

  #window({ href, globals, script }) {
    const page = this;
    const document = new Document(page, script);
    const url = new URL(href);
    const forbidden = new Proxy({}, { get: () => { page.storageTouched = true; } });
    let lastTimer = 0;
    const window = Object.assign(new EventTarget(), {
      document, Document, EventTarget, HTMLScriptElement, URL, Event, AbortController, atob,
      CustomEvent: class extends Event {
        constructor(type, { detail, ...init }) {
          super(type, init);
          this.detail = detail;
        }
      },
      location: {
        origin: url.origin, href, pathname: url.pathname, search: url.search, hash: url.hash,
        assign: (to) => page.assigned.push(to),
      },
      navigator: {},
      localStorage: forbidden, sessionStorage: forbidden, indexedDB: forbidden, caches: forbidden,
      console: new Proxy({}, {
        get: (target, name) => (text) => {
          if (name === 'warn') page.warnings.push(text);
          else page.logged = true;
        },
      }),
      performance: { now: () => page.steady },
      setTimeout: (run, ms = 0) => {
        const id = ++lastTimer;
        page.timers.set(id, { id, run, due: page.steady + Math.max(1, ms) });
        return id;
      },
      clearTimeout: (id) => page.timers.delete(id),
      fetch: (to, options) => new Promise((resolve, reject) => {
        const request = { url: new URL(to, page.base).href, ...options, aborted: false };
        page.requests.push(request);
        options.signal.addEventListener?.('abort', () => {
          request.aborted = true;
          reject(new DOMException('The operation was aborted.', 'AbortError'));
        });
        Promise.resolve().then(() => page.network(request)).then(resolve, reject);
      }),
    });
    Object.defineProperties(window, Object.getOwnPropertyDescriptors(globals));
    window.window = window;
    this.context = vm.createContext(window);
    this.context.wallClock = () => page.trueTime + page.clockError;
    vm.runInContext('Date.now = wallClock', this.context);
    return window;
  }
}

/** A network that answers when told to: `pending` holds the requests, each with respond() and fail(). */
export function heldNetwork() {
  const pending = [];
  const network = (request) => new Promise((resolve, reject) => {
    pending.push({ request, respond: resolve, fail: () => reject(new TypeError('Failed to fetch')) });
  });
  return { pending, network };
}
