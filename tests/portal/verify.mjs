// Verifies a token as a chat service in JavaScript would: node verify.mjs TOKEN-FILE JWKS-FILE. Prints the payload;
// exit 1 when refused.
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify } from 'jose';

const [tokenFile, jwksFile] = process.argv.slice(2);
const keys = createLocalJWKSet(JSON.parse(readFileSync(jwksFile, 'utf8')));
try {
  const { payload } = await jwtVerify(readFileSync(tokenFile, 'utf8').trim(), keys, { algorithms: ['RS256'] });
  process.stdout.write(JSON.stringify(payload));
} catch (error) {
  process.stderr.write(`${error.code}\n`);
  process.exitCode = 1;
}
