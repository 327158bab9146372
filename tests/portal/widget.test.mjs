// The genuine FacadeChatSDK of @microsoft/omnichannel-chat-widget, over chatauth.js. Its clock is the page's wall
// clock.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { test } from 'node:test';
import { widgetFolder } from './fetch-widget.mjs';
import { Page, answer, heldNetwork, settle } from './page.mjs';

const skip = existsSync(widgetFolder)
  ? false
  : 'the chat widget is not there: run node fetch-widget.mjs where the npm registry is reachable';

/**
 * Loads the facade with every bare import stubbed: its dependencies draw the chat, what decides about tokens is its
 * own.
 */
function loadFacade() {
  const stub = new Proxy(function stub() {}, {
    get: (target, name) => {
      if (name === '__esModule') return true;
      if (name === 'prototype') return target.prototype;
      return name === Symbol.toPrimitive ? () => '' : stub;
    },
    apply: () => stub,
    construct: () => stub,
  });
  const load = Module._load;
  Module._load = (name, ...rest) => (name.startsWith('.') || name.startsWith('/') ? load(name, ...rest) : stub);
  try {
    return createRequire(import.meta.url)(`${widgetFolder}/lib/cjs/common/facades/FacadeChatSDK.js`).FacadeChatSDK;
  } finally {
    Module._load = load;
  }
}
const FacadeChatSDK = skip ? null : loadFacade();

const exp = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).exp;

/** A signed-in chat on a page: what the SDK below the facade was given, and what the widget logged. */
function chat(page) {
  const seen = [];
  const chatSDK = {
    setAuthTokenProvider: async (provider) => { chatSDK.authenticatedUserToken = await provider(); },
    sendMessage: async () => seen.push({ token: chatSDK.authenticatedUserToken, at: page.trueTime }),
    startChat: async () => seen.push({ token: chatSDK.authenticatedUserToken, at: page.trueTime }),
  };
  const facade = new FacadeChatSDK({
    chatSDK,
    chatConfig: { LiveChatConfigAuthSettings: { msdyn_javascriptclientfunction: 'auth.getAuthenticationToken' } },
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
