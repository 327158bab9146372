// The genuine @microsoft/omnichannel-chat-sdk with its own HTTP client, over chatauth.js: what a page without the
// widget uses. The chat service is the test's: it tells which token each request carried, and when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notFetched } from './fetch-widget.mjs';
import { loadChatSdk } from './genuine.mjs';
import { Page, answer, settle } from './page.mjs';

const skip = notFetched('chatSdk', 'ocsdk');

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

/** What the chat service says about a widget; the mode is Omnichannel's own choice value. */
const config = (mode) => ({
  LiveWSAndLiveChatEngJoin: { msdyn_conversationmode: mode },
  LiveChatConfigAuthSettings: { msdyn_javascriptclientfunction: 'chatauth.getAuthenticationToken' },
  ChatWidgetLanguage: { msdyn_localeid: '1033' },
  DataMaskingInfo: { setting: { msdyn_maskforcustomer: 'false' } },
  LiveChatVersion: 2,
});
const persistent = '192350001';

const served = [];
let chatService;

async function fetchOfSdk(input, init) {
  const request = input instanceof Request ? input : new Request(input, init);
  const { pathname } = new URL(request.url);
  const [status, body] = chatService(pathname, request.headers.get('AuthenticatedUserToken'));
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}

/** An SDK on a page, before a chat service that refuses an expired or missing token as the real one does. */
async function sdkOn(page, { mode = '', chatSDKConfig = {} } = {}) {
  served.length = 0;
  chatService = (path, token) => {
    if (path.includes('/livechatconnector/config/')) return [200, config(mode)];
    const isGood = token !== null && claims(token).exp * 1000 > page.trueTime;
    served.push({ path, token, isGood });
    if (path.includes('/auth/') && !isGood) return [401, {}];
    return path.includes('reconnectablechats') ? [200, { reconnectid: 'running' }]
      : [200, { ChatId: 'chat', Token: 'acs', RegionGtms: '{}', State: 'Active' }];
  };
  const { log, error } = console;
  console.log = console.error = () => {}; // the SDK is noisy
  const OmnichannelChatSDK = loadChatSdk(fetchOfSdk);
  const create = () => new OmnichannelChatSDK(
      { orgUrl: 'https://m-1.us.omnichannelengagementhub.com', orgId: 'o', widgetId: 'w' },
      { telemetry: { disable: true }, persistentChat: { disable: false }, ...chatSDKConfig });
  const sdk = create();
  await sdk.initialize();
  return { sdk, create, restore: () => { Object.assign(console, { log, error }); } };
}

const sdkTest = (name, run, options = {}) => test(name, { skip }, async () => {
  const page = new Page(options.page);
  const { sdk, create, restore } = await sdkOn(page, options);
  try {
    await run(page, sdk, create);
  } finally {
    clearInterval(sdk.refreshTokenTimer); // every 20 minutes, and it holds the process
    restore();
  }
});

sdkTest('a token that is fresh at startChat, 20 minutes after the page was opened', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  await sdk.getChatReconnectContext();
  await page.pass(20 * 60_000);
  await sdk.startChat();
  assert.equal(served.length, 2);
  assert.ok(served.every(({ isGood }) => isGood));
  assert.notEqual(served[1].token, served[0].token);
  assert.equal(sdk.chatToken.chatId, 'chat');
});

sdkTest('the SDK by itself takes the token once: 20 minutes later startChat is refused', async (page, sdk) => {
  await sdk.setAuthTokenProvider(page.window.chatauth.getToken);
  await page.pass(20 * 60_000);
  await assert.rejects(sdk.startChat(), /ConversationInitializationFailure/);
  assert.equal(served[0].isGood, false);
});

sdkTest('persistent chat: the running conversation is found by the token, and its history too', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  await sdk.startChat();
  assert.match(served[0].path, /reconnectablechats/);
  assert.equal(sdk.reconnectId, 'running');
  await page.pass(20 * 60_000);
  await sdk.getPersistentChatHistory();
  assert.match(served.at(-1).path, /history/i);
  assert.ok(served.every(({ isGood }) => isGood));
}, { mode: persistent });

sdkTest('the SDK by itself has no token for persistent chat: startChat is refused', async (page, sdk) => {
  await assert.rejects(sdk.startChat(), /PersistentChatConversationRetrievalFailure/);
  assert.equal(served[0].token, null);
}, { mode: persistent, chatSDKConfig: {} });

const calls = {
  getAgentAvailability: [], getChatReconnectContext: [], startChat: [], getConversationDetails: [],
  emailLiveChatTranscript: [{ emailAddress: 'a@contoso.com', attachmentMessage: 'x' }], endChat: [],
};
sdkTest('every call that carries a token carries a good one, half an hour after the one before', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  for (const [name, args] of Object.entries(calls)) {
    const before = served.length;
    await sdk[name](...args);
    assert.ok(served.length > before, name);
    await page.pass(30 * 60_000);
  }
  assert.ok(served.every(({ isGood }) => isGood), JSON.stringify(served.map(({ path, isGood }) => [path, isGood])));
});

sdkTest('calls in between cost no further token', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  await sdk.startChat();
  for (let i = 0; i < 5; i++) await sdk.getConversationDetails();
  assert.equal(page.requests.length, 1);
});

sdkTest('guarded twice, as a component that renders again does, is guarded once', async (page, sdk) => {
  const { guard } = page.window.chatauth;
  const { startChat } = guard(sdk);
  assert.equal(guard(sdk), sdk);
  assert.equal(sdk.startChat, startChat);
});

sdkTest('one failed token request in between goes unnoticed', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  page.network = () => (page.requests.length > 1 ? answer(page.issue()) : answer('', { status: 503 }));
  const started = sdk.startChat();
  await page.pass(500);
  await started;
  assert.ok(served.every(({ isGood }) => isGood));
});

sdkTest('without a token the call is rejected with code and message, and nothing is sent', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  page.network = () => answer('', { status: 401 });
  await assert.rejects(sdk.startChat(), { code: 'not-signed-in', message: /Sign in/ });
  assert.deepEqual(served, []);
});

sdkTest('another visitor signs in: the next call carries that visitor\'s token', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  await sdk.getChatReconnectContext();
  page.network = () => answer(page.issue({ sub: 'another' }));
  page.window.chatauth.reset();
  await sdk.startChat();
  assert.equal(claims(served.at(-1).token).sub, 'another');
});

const optional = { page: { attributes: { tokenUrl: '/auth/token', signIn: 'optional' } } };

/** The visitor signs out without a page load. */
const signOut = (page) => {
  page.network = () => answer('', { status: 401 });
  page.window.chatauth.reset();
};

const afterSignOut = {
  ...calls, getCurrentLiveChatContext: [], getChatToken: [], getLiveChatTranscript: [], getPostChatSurveyContext: [],
  getPersistentChatHistory: [],
};
for (const name of Object.keys(afterSignOut).filter((each) => each !== 'endChat')) {
  sdkTest(`optional sign-in: after a sign-out ${name} sends nothing, and the page is to be loaded again`,
      async (page, sdk) => {
        page.window.chatauth.guard(sdk);
        await sdk.startChat();
        const before = served.length;
        signOut(page);
        await assert.rejects(sdk[name](...afterSignOut[name]), { code: 'stale-page' });
        assert.equal(served.length, before);
        assert.equal(sdk.authenticatedUserToken, null);
      }, optional);
}

for (const [mode, page] of [['optional', optional.page], ['required', undefined]]) {
  sdkTest(`${mode} sign-in: after a sign-out the chat can be ended here, and nothing is sent`, async (site, sdk) => {
    site.window.chatauth.guard(sdk);
    await sdk.startChat();
    const before = served.length;
    signOut(site);
    await sdk.endChat();
    assert.equal(served.length, before);
    assert.deepEqual({ ...sdk.chatToken }, {});
  }, { page });
}

sdkTest('a chat is ended while the site is down, with the token that the SDK has', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  await sdk.startChat();
  page.network = () => answer('', { status: 404 });
  page.window.chatauth.reset();
  await sdk.endChat();
  assert.match(served.at(-1).path, /sessionclose/i);
  assert.ok(served.at(-1).isGood);
});

sdkTest('optional sign-in: an anonymous visitor starts a chat, without a token', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  signOut(page);
  await sdk.startChat();
  assert.equal(sdk.chatToken.chatId, 'chat');
  assert.ok(served.length > 0 && served.every(({ token }) => token === null), JSON.stringify(served));
  await sdk.endChat();
}, optional);

sdkTest('optional sign-in: nor does a second SDK of the page start a chat then', async (page, sdk, create) => {
  page.window.chatauth.guard(sdk);
  await sdk.startChat();
  const another = page.window.chatauth.guard(create());
  await another.initialize();
  const before = served.length;
  signOut(page);
  await assert.rejects(another.startChat(), { code: 'stale-page' });
  assert.equal(served.length, before);
}, optional);

sdkTest('what an anonymous chat switches off is on again for the visitor who signs in', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  signOut(page);
  await sdk.startChat();
  await sdk.endChat();
  assert.ok(sdk.authSettings);
  page.network = () => answer(page.issue());
  page.window.chatauth.reset();
  await sdk.startChat();
  assert.ok(served.at(-1).isGood);
}, optional);

sdkTest('nor do two anonymous calls at once leave it off', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  signOut(page);
  await Promise.all([sdk.getConversationDetails(), sdk.startChat()]);
  assert.ok(sdk.authSettings);
}, optional);

sdkTest('an SDK whose own question for the token fails has no older visitor\'s', async (page, sdk) => {
  page.window.chatauth.guard(sdk);
  await sdk.getChatReconnectContext();
  sdk.setAuthTokenProvider = async () => {}; // it swallows a failure
  page.network = () => answer(page.issue({ sub: 'another' }));
  page.window.chatauth.reset();
  await sdk.startChat();
  assert.equal(claims(served.at(-1).token).sub, 'another');
});

sdkTest('an SDK that cannot be guarded is refused and left as it was', (page, sdk) => {
  const { guard } = page.window.chatauth;
  const { startChat } = sdk;
  assert.throws(() => guard(Object.freeze(Object.create(sdk))), /chatauth.guard takes/);
  for (const none of [null, undefined, {}, { startChat }, 'sdk']) {
    assert.throws(() => guard(none), /chatauth.guard takes/);
  }
  assert.equal(sdk.startChat, startChat);
});
