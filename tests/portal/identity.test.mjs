// LivePerson's identity function: chatauth-identity.js in a page, and LivePerson's tag after it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';
import { parse } from 'acorn';

const file = new URL('../../Solution/portal/chatauth-identity.js', import.meta.url);
const source = readFileSync(file, 'utf8');
const bert = '87b4d06c-abc2-e811-a9b0-000d3a10e09e';
const issuer = 'contosohelp.com';

class HTMLScriptElement {
  constructor(dataset) {
    this.dataset = dataset;
  }
}

/** Runs the file in a page; gives its window. Whatever it would reach beyond lpTag is not there, and so throws. */
function open({ dataset = { livepersonIssuer: issuer, subject: bert }, current, found, times = 1, ...globals } = {}) {
  const tag = new HTMLScriptElement(dataset);
  class Document {
    get currentScript() { return current === undefined ? tag : current; }

    querySelector() { return found === undefined ? tag : found; }
  }
  const warnings = [];
  const console = { warn: (text) => warnings.push(text) };
  const window = { document: new Document(), Document, HTMLScriptElement, console, ...globals };
  Object.defineProperties(window, Object.getOwnPropertyDescriptors(globals));
  window.window = window;
  vm.createContext(window);
  for (let time = 0; time < times; time++) vm.runInContext(source, window);
  return Object.assign(window, { tag, warnings });
}

/** What LivePerson's tag is answered. */
function identities({ lpTag }) {
  const answers = [];
  lpTag.identities.forEach((each) => each((identity) => answers.push(identity)));
  return JSON.parse(JSON.stringify(answers));
}

const portal = (User) => ({ Dynamic365: { Portal: { User } } });

test('it answers issuer, loa1 and the contact, to the letters of the token', () => {
  assert.deepEqual(identities(open()), [{ iss: issuer, acr: 'loa1', sub: bert }]);
  for (const subject of [bert.toUpperCase(), `{${bert}}`]) {
    const page = open({ dataset: { livepersonIssuer: 'https://Contoso.com/', subject } });
    assert.deepEqual(identities(page), [{ iss: 'https://Contoso.com/', acr: 'loa1', sub: bert }]);
  }
});

test('on Power Pages it answers with the contact that the page knows, whatever data-subject says', () => {
  const ada = '5b0e1c8e-3f0a-4b57-8f3c-000000000002';
  for (const dataset of [{ livepersonIssuer: issuer }, { livepersonIssuer: issuer, subject: bert }]) {
    const page = open({ dataset, Microsoft: portal({ contactId: ada, userName: 'ada' }) });
    assert.deepEqual(identities(page), [{ iss: issuer, acr: 'loa1', sub: ada }]);
    const nobody = open({ dataset, Microsoft: portal({ contactId: '', userName: '' }) });
    assert.deepEqual(identities(nobody), [null]);
  }
});

test('it answers null for an anonymous visitor, and for what is no contact', () => {
  const others = [undefined, '', ' ', 'bert', 'bert@contoso.com', '42', `${bert}0`, `${bert},x`,
    '00000000-0000-0000-0000-000000000000', 'null'];
  for (const subject of others) {
    assert.deepEqual(identities(open({ dataset: { livepersonIssuer: issuer, subject } })), [null], subject);
  }
});

test('it reads the page at each question: a site without page loads names another visitor, then nobody', () => {
  const page = open();
  page.tag.dataset.subject = '5b0e1c8e-3f0a-4b57-8f3c-000000000002';
  assert.equal(identities(page)[0].sub, '5b0e1c8e-3f0a-4b57-8f3c-000000000002');
  delete page.tag.dataset.subject;
  assert.deepEqual(identities(page), [null]);
});

test('one function is pushed, however often the file is loaded, beside those that are there', () => {
  const other = (callback) => callback({ iss: 'other' });
  const page = open({ times: 2, lpTag: { identities: [other] } });
  assert.equal(page.lpTag.identities.length, 2);
  assert.equal(page.lpTag.identities[0], other);
});

test('without an issuer nothing is defined', () => {
  for (const dataset of [{}, { livepersonIssuer: '' }, { subject: bert }]) {
    assert.equal(open({ dataset }).lpTag, undefined);
  }
});

test('a script that is loaded async is found by its attribute, an element of another kind never', () => {
  assert.equal(identities(open({ current: null }))[0].sub, bert);
  const image = { name: 'currentScript', dataset: { livepersonIssuer: 'evil', subject: bert } };
  assert.equal(identities(open({ current: image }))[0].iss, issuer);
  assert.equal(open({ current: image, found: image }).lpTag, undefined);
});

test('where lpTag is held fast the page goes on, and the console says so', () => {
  for (const lpTag of [Object.freeze({}), { identities: Object.freeze([]) }, { identities: 'x' }]) {
    const page = open({ lpTag });
    assert.match(page.warnings.join(), /^LivePerson cannot be told who is signed in/);
  }
});

test('it makes no request and no event, stores nothing and leaves the page where it is', () => {
  assert.doesNotMatch(
      source, /fetch|XMLHttp|sendBeacon|dispatchEvent|Storage|cookie|assign|replaceState|\.write|createElement/);
  parse(source, { ecmaVersion: 2017, sourceType: 'script' });
  assert.doesNotMatch(source, /<\/script|<script|<!--/i);
});

test('rendered on a server it does nothing', () => {
  vm.runInContext(source, vm.createContext({}));
});
