// samples/powerpages/chatauth-window.js answers the requests of the table that the samples share as they do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import vm from 'node:vm';

const file = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const source = file('samples/powerpages/chatauth-window.js');
const table = JSON.parse(file('tests/vectors/portal-cases.json'));
const long = (text) => text?.replace(/\{state:(\d+)\}/, (_, length) => 's'.repeat(length));

/** Opens the page; gives what is said on it, and where it goes. */
async function open(search, { redirectUris, clientId = '' }, { getToken = async () => 'h.p.s', isFramed } = {}) {
  const gone = [];
  const said = {};
  const window = {
    location: { search, replace: (to) => gone.push(to) },
    chatauth: { getToken },
    document: {
      currentScript: { dataset: { redirectUris: redirectUris.join('\n  '), clientId } },
      querySelector: () => said,
    },
  };
  window.window = window;
  window.top = isFramed ? {} : window;
  vm.runInNewContext(source, window);
  await new Promise((done) => setImmediate(done));
  return { gone, said: said.textContent };
}

// What a server alone sees or says is not the page's: headers, methods, and what Dataverse answers.
const isOfPage = ({ request, dataverse, answer }) => request.path.startsWith('/authorize') && !dataverse
    && request.visitor === undefined && !request.headers && !request.target && !request.method
    && [302, 400].includes(answer.status) && !/#error/.test(answer.headers.Location);

describe('the page of Power Pages', () => {
  let played = 0;
  for (const { name, portal, exchanges } of table.windows.filter((one) => one.portal?.externalWindow)) {
    test(name, async () => {
      for (const { request, answer } of exchanges.filter(isOfPage)) {
        const search = new URL(long(request.path), 'https://contosohelp.com').search;
        const { gone, said } = await open(search, portal.externalWindow);
        assert.deepEqual(gone, answer.status === 302 ? [long(answer.headers.Location)] : [], request.path);
        assert.equal(said, answer.text, request.path);
        played++;
      }
    });
  }
  test('has played most of the table', () => assert.ok(played > 40, `${played}`));
});

const asked = '?response_type=id_token&redirect_uri=https%3A%2F%2Flp.example%2Fwindow&state=a%2Bb';
const window = { redirectUris: ['https://lp.example/window'] };

test('a failure goes back in the words of OAuth', async () => {
  for (const [code, error] of Object.entries({
    'not-signed-in': 'access_denied', refused: 'access_denied', network: 'server_error', timeout: 'server_error',
    'not-configured': 'server_error', 'stale-page': 'server_error', clock: 'server_error',
  })) {
    const getToken = async () => { throw Object.assign(new Error(), { code }); };
    const { gone } = await open(asked, window, { getToken });
    assert.deepEqual(gone, [`https://lp.example/window#error=${error}&state=a%2Bb`]);
  }
});

test('in a frame it goes nowhere and asks for nothing', async () => {
  let isAsked = false;
  const getToken = async () => { isAsked = true; return 'h.p.s'; };
  const { gone, said } = await open(asked, window, { isFramed: true, getToken });
  assert.deepEqual([gone, said, isAsked], [[], 'The chat opens in a window of its own only.', false]);
});

test('it leads to no address that a browser may read in another way, also where its list has that', async () => {
  const { good, bad } = table.windowAddresses;
  for (const uri of [...good, ...bad]) {
    const search = `?response_type=token&redirect_uri=${encodeURIComponent(uri)}`;
    const { gone, said } = await open(search, { redirectUris: [uri] });
    if (good.includes(uri)) assert.deepEqual(gone, [`${uri}#id_token=h.p.s`]);
    else assert.deepEqual([gone, /\(redirect_uri\)/.test(said)], [[], true], uri);
  }
});

test('its web template has chatauth.js above it, no inline script, and no Liquid that fills in a request', () => {
  const template = file('samples/powerpages/authorize.html');
  assert.ok(template.indexOf('/chatauth.js') < template.indexOf('/chatauth-window.js'));
  assert.doesNotMatch(template, /<script(?![^>]*\ssrc=)|\bon\w+=|\{\{|\{%/);
});
