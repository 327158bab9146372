// Fetches the genuine clients that the tests run, into artifacts/ (git-ignored): node fetch-widget.mjs. Nothing of them
// is committed, and none is installed with its dependencies, hundreds in all. Always exits 0: without them the tests
// are skipped, and say so.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where they are. */
export const artifacts = fileURLToPath(new URL('../../artifacts/widget/', import.meta.url));

/** Each package, what of it is unpacked, and the digest of its archive. */
const packages = {
  widget: {
    name: '@microsoft/omnichannel-chat-widget', version: '1.8.3', parts: ['lib'],
    integrity: 'sha512-+3iPVXksduqfS1sbNTz1dtJ20bftj5aDSuoye9MvfGsH1ORIqFIGU5iiHtFf4p/4KPOM2VNbjGFwPG/1wwH2oQ==',
  },
  chatSdk: {
    name: '@microsoft/omnichannel-chat-sdk', version: '1.11.8', parts: ['lib'],
    integrity: 'sha512-Va29LTg8sIXuX3qbLI+cLKqMzDW4glpJs6Pw4pbgCjqOhU1+ZN0xuKiyqKZuMaWRL2Bopr/NPE6c677FRCTZ1A==',
  },
  ocsdk: {
    name: '@microsoft/ocsdk', version: '0.5.21', parts: ['dist/SDK.min.js'],
    integrity: 'sha512-zgnl8ksWPLmtRoN6dpTucygaNgrY3i9V5tjuYJZKBI1Ft/8nVnBOvEOIjDkWY7AGqxzd4Nf/7CWtemd8x4v1Hg==',
  },
  applicationInsights: {
    name: '@microsoft/applicationinsights-web', version: '3.4.4', parts: ['browser/es5/ai.3.4.4.min.js'],
    integrity: 'sha512-4ZCGdGtT9u8dCX7ckq2aaJpKIWBS0KPlGQ6eT+nwuL14S9FTFpz0MOsDkNq7ktJlSQLXMfdO6W1a/SN6a64Wug==',
  },
};

const folderOf = ({ name, version }) => path.join(artifacts, path.basename(name), version);

/** A file of a package that was fetched: its absolute path. */
export const fileOf = (key, file) => path.join(folderOf(packages[key]), file);

/** Why tests that need a package cannot run, as a test's skip; false when they can. */
export function notFetched(...keys) {
  const missing = keys.find((key) => !existsSync(folderOf(packages[key])));
  return missing
    ? `${packages[missing].name} is not there: run node fetch-widget.mjs where the npm registry is reachable`
    : false;
}

function fetchPackage({ name, version, parts, integrity }) {
  const folder = path.join(artifacts, 'fetching');
  const options = {
    cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', shell: process.platform === 'win32',
  };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', `${name}@${version}`], options));
  const found = `sha512-${createHash('sha512').update(readFileSync(path.join(folder, filename))).digest('base64')}`;
  if (found !== integrity) throw new Error(`${filename} is not what was pinned`);
  execFileSync('tar', ['-xzf', filename, ...parts.map((part) => `package/${part}`)], options);
  // Some of these packages call all their files modules; they are not.
  writeFileSync(path.join(folder, 'package', 'package.json'), '{"type":"commonjs"}');
  const target = folderOf({ name, version });
  mkdirSync(path.dirname(target), { recursive: true });
  renameSync(path.join(folder, 'package'), target);
  rmSync(folder, { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const each of Object.values(packages).filter((one) => !existsSync(folderOf(one)))) {
    try {
      fetchPackage(each);
      console.log(`Fetched ${each.name} ${each.version}.`);
    } catch (error) {
      console.log(`${each.name} ${each.version} could not be fetched: ${error.message.split('\n')[0]}`);
    }
  }
}
