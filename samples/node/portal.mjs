// A portal to begin with: sign in, ask for a chat token.
//   dotnet run --project tools/LocalDataverse -- --sample     says what to set before the next line
//   node samples/node/portal.mjs
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { mapChatAuth } from './chatauth.mjs';

const { CHATAUTH_URL: environment, PORTAL_ACCESS_TOKEN: token, PORT: port = 5081 } = process.env;
if (!environment) {
  console.error('CHATAUTH_URL is not set. Set it to the address of the Dataverse environment.');
  process.exit(1);
}

// LocalDataverse takes words of its own for access tokens; elsewhere the application user signs in.
const credential = token ? { getToken: async () => ({ token }) }
  : new (await import('@azure/identity')).DefaultAzureCredential();

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
const file = (name) =>
  readFileSync(folders.map((folder) => new URL(name, folder)).find((url) => existsSync(url)), 'utf8');
const pages = {
  'GET /': ({ antiforgery = '' }) => ['text/html', file('portal.html').replace('{antiforgery}', antiforgery)],
  'GET /chatauth.js': () => ['text/javascript', file('chatauth.js')],
};

const server = createServer(async (request, response) => {
  if (request.url.startsWith('/auth/')) {
    request.originalUrl = request.url; // where a visitor who signs in comes back to
    request.url = request.url.slice('/auth'.length);
    await chat(request, response);
  } else if (`${request.method} ${request.url}` === 'POST /sign-in') {
    // Whoever comes says who they are: your own sign-in belongs here.
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
    const id = randomUUID();
    sessions.set(id, { contact: form.get('contact'), antiforgery: randomUUID() });
    response.writeHead(303, { Location: '/', 'Set-Cookie': `session=${id}; HttpOnly; SameSite=Lax; Path=/` }).end();
  } else {
    const [type, text] = pages[`${request.method} ${request.url}`]?.(sessionOf(request)) ?? [];
    response.writeHead(text ? 200 : 404, { 'Content-Type': `${type ?? 'text/plain'}; charset=utf-8` }).end(text);
  }
});
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
