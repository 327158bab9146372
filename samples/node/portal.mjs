// A portal to begin with: sign in, ask for a chat token.
//   dotnet run --project tools/LocalDataverse -- --sample     says what to set before the next line
//   node samples/node/portal.mjs
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { mapChatAuth } from './chatauth.mjs';

const { CHATAUTH_URL: environment, PORTAL_ACCESS_TOKEN: token, PORT } = process.env;
const port = PORT || '5081';
const end = (fault) => {
  console.error(fault);
  process.exit(1);
};
const { protocol, hostname, username, password } = URL.canParse(environment) ? new URL(environment) : {};
const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
if (!environment) {
  end('CHATAUTH_URL is not set. Set the variable, in this terminal, to the address of the Dataverse environment; '
    + 'LocalDataverse --sample prints its own.');
}
if (username || password || !(protocol === 'https:' || (protocol === 'http:' && isHere))) {
  end('CHATAUTH_URL is no https address without user name. Set it to the address of the Dataverse environment, for '
    + 'example https://contoso.crm.dynamics.com.');
}
if (!token && isHere) {
  end('PORTAL_ACCESS_TOKEN is not set, and CHATAUTH_URL is on this machine. Set the variable, in this terminal, to '
    + 'what LocalDataverse --sample prints.');
}
if (/[^!-~]/.test(token)) {
  end('PORTAL_ACCESS_TOKEN has a letter that no access token has. Set it to what LocalDataverse --sample prints, or '
    + 'leave it out before an environment, where the application user signs in.');
}
if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
  end('PORT is no port. Set it to a number up to 65535, or leave it out for 5081.');
}

// LocalDataverse takes words of its own for access tokens; elsewhere the application user signs in.
const entra = token ? null : await import('@azure/identity').catch(() => end(
    '@azure/identity is not installed. Run npm install @azure/identity in the folder of portal.mjs.'));
const credential = entra ? new entra.DefaultAzureCredential() : { getToken: async () => ({ token }) };

/** By cookie: { contact, antiforgery }. A portal has sessions already. */
const sessions = new Map();
const sessionOf = ({ headers }) => sessions.get(/session=([\w-]+)/.exec(headers.cookie)?.[1]) ?? {};

const chat = mapChatAuth({
  environment,
  credential,
  contactOf: (request) => sessionOf(request).contact,
  isGenuine: (request) => request.headers.__requestverificationtoken === sessionOf(request).antiforgery,
  antiforgeryToken: (request) => sessionOf(request).antiforgery ?? '',
});

// In a portal of your own they lie beside this file.
const folders = ['./', '../', '../../Solution/portal/'].map((folder) => new URL(folder, import.meta.url));
const file = (name) => {
  const url = folders.map((folder) => new URL(name, folder)).find((each) => existsSync(each));
  return url ? readFileSync(url, 'utf8') : end(
      `${name} is not there. Copy samples/portal.html and Solution/portal/chatauth.js beside portal.mjs.`);
};
const [page, script] = [file('portal.html'), file('chatauth.js')];
const pages = {
  'GET /': ({ antiforgery = '' }) => ['text/html', page.replace('{antiforgery}', antiforgery)],
  'GET /chatauth.js': () => ['text/javascript', script],
};

async function serve(request, response) {
  if (request.url.startsWith('/auth/')) {
    request.originalUrl = request.url; // where a visitor who signs in comes back to
    request.url = request.url.slice('/auth'.length);
    await chat(request, response);
  } else if (`${request.method} ${request.url}` === 'POST /sign-in') {
    // Whoever comes says who they are: your own sign-in belongs here.
    const form = new URLSearchParams(await readShort(request));
    const id = randomUUID();
    sessions.set(id, { contact: form.get('contact'), antiforgery: randomUUID() });
    response.writeHead(303, { Location: '/', 'Set-Cookie': `session=${id}; HttpOnly; SameSite=Lax; Path=/` }).end();
  } else {
    const [type, text] = pages[`${request.method} ${request.url}`]?.(sessionOf(request)) ?? [];
    response.writeHead(text ? 200 : 404, { 'Content-Type': `${type ?? 'text/plain'}; charset=utf-8` }).end(text);
  }
}

async function readShort(request) {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) {
    body += piece;
    if (body.length > 1_000) throw new Error('The form is too long.');
  }
  return body;
}

// A request that fails, as one that is broken off, ends itself alone.
const server = createServer((request, response) => serve(request, response).catch(() => response.destroy()));
server.on('error', () => end(
    `The portal cannot listen on port ${port}: it is in use, or not allowed. Set PORT to another.`));
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
