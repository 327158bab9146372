// The genuine FacadeChatSDK of @microsoft/omnichannel-chat-widget and what reconnects it, over chatauth.js. Their clock
// is the page's wall clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notFetched } from './fetch-widget.mjs';
import { loadFacade, loadReconnect } from './genuine.mjs';
import { Page, answer, heldNetwork, settle } from './page.mjs';

const skip = notFetched('widget');
const FacadeChatSDK = skip ? null : loadFacade();
const { handleChatReconnect } = skip ? {} : loadReconnect();

const exp = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).exp;

const chatConfig = { LiveChatConfigAuthSettings: { msdyn_javascriptclientfunction: 'auth.getAuthenticationToken' } };

/** A signed-in chat on a page: what the SDK below the facade was given, and what the widget logged. */
function chat(page, name = 'auth.getAuthenticationToken') {
  const seen = [];
  const chatSDK = {
    setAuthTokenProvider: async (provider) => { chatSDK.authenticatedUserToken = await provider(); },
    sendMessage: async () => seen.push({ token: chatSDK.authenticatedUserToken, at: page.trueTime }),
    startChat: async () => seen.push({ token: chatSDK.authenticatedUserToken, at: page.trueTime }),
    // The chat service knows the visitor's running conversation by the token.
    getChatReconnectContext: async () => ({ reconnectId: chatSDK.authenticatedUserToken ? 'running' : null }),
  };
  const facade = new FacadeChatSDK({
    chatSDK,
    chatConfig: { LiveChatConfigAuthSettings: { msdyn_javascriptclientfunction: name } },
    // The loader of the widget finds the function by its dotted name on window and waits for its callback.
    getAuthToken: (name) => new Promise((resolve) => {
      name.split('.').reduce((object, member) => object[member], page.window)((token) => resolve(token));
    }),
    isAuthenticated: true,
    isSDKMocked: false,
  }, false);
  return { facade, seen };
}

/**
 * Runs a test on a page whose wall clock is also Date.now() of this process, where the facade lives; it is noisy on
 * failures.
 */
function widgetTest(name, options, run) {
  test(name, { skip }, async () => {
    const { now } = Date;
    const { error } = console;
    const page = new Page(options);
    Date.now = () => page.trueTime + page.clockError;
    console.error = () => {};
    try {
      await run(page);
    } finally {
      Date.now = now;
      console.error = error;
    }
  });
}

widgetTest('the widget accepts a token and hands it to the SDK', {}, async (page) => {
  const { facade, seen } = chat(page);
  await facade.startChat();
  assert.equal(seen[0].token.split('.').length, 3);
  assert.equal(facade.expiration, exp(seen[0].token));
  await facade.sendMessage({});
  assert.equal(page.requests.length, 1);
});

widgetTest('over three hours no message travels with a stale token; each token is asked for once', {}, async (page) => {
  const { facade, seen } = chat(page);
  for (let minute = 0; minute < 180; minute++) {
    await facade.sendMessage({});
    await page.pass(60_000);
  }
  assert.equal(seen.length, 180);
  assert.ok(seen.every(({ token, at }) => exp(token) * 1000 >= at));
  assert.equal(page.requests.length, new Set(seen.map(({ token }) => token)).size);
  assert.ok(page.requests.length >= 12 && page.requests.length <= 13, `${page.requests.length}`);
});

widgetTest('an expired token is asked for again, and the widget gets a new one', {}, async (page) => {
  const { facade, seen } = chat(page);
  await facade.startChat();
  await page.pass(901_000);
  await facade.sendMessage({});
  assert.notEqual(seen[1].token, seen[0].token);
  assert.equal(page.requests.length, 2);
});

widgetTest('many SDK calls at once when the token has expired share one request', {}, async (page) => {
  const { facade, seen } = chat(page);
  await facade.startChat();
  await page.pass(901_000);
  await Promise.all(Array.from({ length: 20 }, () => facade.sendMessage({})));
  assert.equal(seen.length, 21);
  assert.equal(page.requests.length, 2);
});

widgetTest('after a night with the lid closed the widget gets a new token', {}, async (page) => {
  const { facade, seen } = chat(page);
  await facade.startChat();
  page.sleep(36_000_000, { steadyStops: true });
  await facade.sendMessage({});
  assert.ok(exp(seen[1].token) * 1000 > page.trueTime);
});

widgetTest('a visitor whose clock is 14 minutes ahead can chat: stale tokens are replaced', {}, async (page) => {
  page.clockError = 14 * 60_000;
  const { facade, seen } = chat(page);
  for (let i = 0; i < 20; i++) {
    await facade.sendMessage({});
    await page.pass(30_000);
  }
  assert.equal(seen.length, 20);
  assert.deepEqual(page.errors, []);
});

widgetTest('where the widget refuses because of the visitor\'s clock, chatauth.js says clock', {}, async (page) => {
  page.clockError = 7_200_000;
  const { facade } = chat(page);
  await assert.rejects(facade.startChat(), /Authentication Setup Error/);
  assert.equal(page.errors[0].code, 'clock');

  // The widget by itself, given the very token: its refusal names neither clock nor remedy.
  await assert.rejects(facade.setToken(page.issue()), /already expired/);
});

const { network: silence } = heldNetwork();
widgetTest('a server that does not answer: the widget\'s call ends in 9 s', { network: silence }, async (page) => {
  const { facade, seen } = chat(page);
  const started = assert.rejects(facade.startChat(), /Authentication Setup Error/);
  await page.pass(9000);
  await started;
  assert.equal(page.errors[0].code, 'timeout');
  assert.deepEqual(seen, []);
});

const anonymous = () => answer('', { status: 401 });
widgetTest('anonymous: the widget does not start, and the page knows why', { network: anonymous }, async (page) => {
  await assert.rejects(chat(page).facade.startChat(), /Authentication Setup Error/);
  assert.equal(page.errors[0].code, 'not-signed-in');
});

widgetTest('the SDK\'s own hook, getAuthToken, takes the promise of chatauth.getToken', {}, async (page) => {
  const { facade, seen } = chat(page);
  facade.getAuthToken = undefined;
  const getAuthToken = async () => {
    facade.chatSDK.authenticatedUserToken = await page.window.chatauth.getToken();
    return facade.chatSDK.authenticatedUserToken;
  };
  facade.chatSDK.chatSDKConfig = { getAuthToken };
  await facade.startChat();
  await page.pass(901_000);
  await facade.sendMessage({});
  await settle();
  assert.notEqual(seen[1].token, seen[0].token);
});

/** What the genuine widget does first after a page load: 'running' when the conversation goes on, or 'new'. */
async function reload(page, passing) {
  const { facade } = chat(page);
  let outcome;
  const props = { chatConfig, controlProps: { hideReconnectChatPane: true } };
  const goOn = async (sdk, dispatch, setAdapter, state, given, { reconnectId }) => { outcome = reconnectId; };
  const reconnected = handleChatReconnect(facade, props, () => {}, () => {}, goOn, { appStates: {} })
    .then((isNew) => { if (isNew) outcome = 'new'; });
  await passing();
  await reconnected;
  return outcome;
}

const passingFailures = {
  503: () => answer('', { status: 503 }),
  '429 with Retry-After': () => answer('', { status: 429, headers: { 'Retry-After': '2' } }),
  'a failed fetch': () => { throw new TypeError('Failed to fetch'); },
  'a stale anti-forgery token': ({ headers }) =>
    answer('', { status: headers.__RequestVerificationToken === 'fresh' ? 503 : 400 }),
};
for (const [what, fail] of Object.entries(passingFailures)) {
  const attributes = { tokenUrl: '/auth/token', verificationUrl: '/auth/antiforgery' };
  widgetTest(`one answer of ${what} at a page reload: the conversation goes on`, { attributes }, async (page) => {
    page.field = { value: 'stale' };
    let isFirst = true;
    page.network = (request) => {
      if (request.url.endsWith('antiforgery')) return answer('fresh');
      if (!isFirst) return answer(page.issue());
      isFirst = false;
      return fail(request);
    };
    assert.equal(await reload(page, () => page.pass(3000)), 'running');
    assert.deepEqual(page.errors, []);
  });
}

const down = () => answer('', { status: 503 });
widgetTest('what the widget does when no token comes at all: a new conversation', { network: down }, async (page) => {
  assert.equal(await reload(page, () => page.pass(9000)), 'new');
  assert.equal(page.errors[0].code, 'network');
});

widgetTest('the widget takes its token by our own names too', {}, async (page) => {
  for (const name of ['chatauth.getAuthenticationToken', 'chatauth.getToken']) {
    const { facade, seen } = chat(page, name);
    await facade.startChat();
    assert.equal(seen[0].token.split('.').length, 3);
  }
});
