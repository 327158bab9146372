// Tokens that must not get past the desk, made in the browser as an attacker would.
import { claimsOf } from './chat.js';

const stranger = '5b0e1c8e-3f0a-4b57-8f3c-000000000002';

const base64url = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const part = (value) => base64url(new TextEncoder().encode(JSON.stringify(value)));

/** The token with another contact's id in it, and the signature as it was. */
export function tampered(token) {
  const [header, , signature] = token.split('.');
  const claims = claimsOf(token);
  const other = claims.sub === stranger ? '87b4d06c-abc2-e811-a9b0-000d3a10e09e' : stranger;
  return [header, part({ ...claims, sub: other }), signature].join('.');
}

/** The token's very claims, signed by a key that was made a moment ago. */
export async function foreign(token) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
      { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, true, ['sign', 'verify']);
  const { e, n } = await crypto.subtle.exportKey('jwk', publicKey);
  const members = new TextEncoder().encode(JSON.stringify({ e, kty: 'RSA', n }));
  const thumbprint = await crypto.subtle.digest('SHA-256', members);
  const text = part({ alg: 'RS256', typ: 'JWT', kid: base64url(thumbprint) }) + '.' + token.split('.')[1];
  return text + '.' + base64url(await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(text)));
}
