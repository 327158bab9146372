// Loads the genuine clients without what they import to draw and to transport.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import vm from 'node:vm';
import { artifacts, fileOf } from './fetch-widget.mjs';

/** Answers every question with itself. */
const stub = new Proxy(function stub() {}, {
  get: (target, name) => {
    if (name === '__esModule') return true;
    if (name === 'then') return undefined;
    if (name === 'prototype') return target.prototype;
    return name === Symbol.toPrimitive ? () => '' : stub;
  },
  apply: () => stub,
  construct: () => stub,
});

const { _load: load } = Module;
const genuine = {}; // imports of theirs that are not stubs
Module._load = (name, parent, ...rest) => {
  const isTheirs = parent?.filename?.startsWith(artifacts) && !name.startsWith('.') && !name.startsWith('/');
  return isTheirs ? genuine[name] ?? stub : load(name, parent, ...rest);
};
const require = createRequire(import.meta.url);

/** The widget's own: what decides about tokens, and what reconnects after a page load. */
export const loadFacade = () => require(fileOf('widget', 'lib/cjs/common/facades/FacadeChatSDK.js')).FacadeChatSDK;
export const loadReconnect = () =>
  require(fileOf('widget', 'lib/cjs/components/livechatwidget/common/reconnectChatHelper.js'));

/**
 * The chat SDK with its own HTTP client, ocsdk; `fetch` answers for the network. What carries messages, and what it
 * draws its telemetry with, are stubs. Loaded anew each time, as by a page: the HTTP client keeps the last token.
 */
export function loadChatSdk(fetch) {
  const browser = {
    fetch, console, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask,
    URL, URLSearchParams, Headers, Request, Response, FormData, Blob, ReadableStream, AbortController, AbortSignal,
    TextEncoder, TextDecoder, Event, DOMException, atob, btoa, navigator: { userAgent: 'Chrome', language: 'en' },
  };
  browser.window = browser.self = browser.global = browser;
  vm.runInContext(readFileSync(fileOf('ocsdk', 'dist/SDK.min.js'), 'utf8'), vm.createContext(browser));
  const own = fileOf('chatSdk', '');
  for (const name of Object.keys(require.cache).filter((each) => each.startsWith(own))) delete require.cache[name];
  genuine['@microsoft/ocsdk'] = { SDKProvider: browser.SDKProvider, uuidv4: browser.uuidv4 };
  return require(fileOf('chatSdk', 'lib/index.js')).OmnichannelChatSDK;
}
