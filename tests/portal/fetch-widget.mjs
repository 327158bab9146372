// Fetches the genuine chat widget that widget.test.mjs runs, into artifacts/ (git-ignored): node fetch-widget.mjs.
// Nothing of it is committed, and nothing of it is installed with its 619 dependencies. Always exits 0: without it the
// tests are skipped, and say so.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const version = '1.8.3';
const integrity = 'sha512-+3iPVXksduqfS1sbNTz1dtJ20bftj5aDSuoye9MvfGsH1ORIqFIGU5iiHtFf4p/4KPOM2VNbjGFwPG/1wwH2oQ==';

const folder = fileURLToPath(new URL('../../artifacts/widget/', import.meta.url));

/** Where the package is, once it has been fetched. */
export const widgetFolder = `${folder}${version}`;

function fetchWidget() {
  const options = {
    cwd: folder, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', shell: process.platform === 'win32',
  };
  mkdirSync(folder, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', `@microsoft/omnichannel-chat-widget@${version}`], options);
  const [{ filename }] = JSON.parse(packed);
  const found = `sha512-${createHash('sha512').update(readFileSync(folder + filename)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${filename} is not what was pinned`);
  execFileSync('tar', ['-xzf', filename], options);
  // the package calls all its files modules; these are not
  writeFileSync(`${folder}package/lib/cjs/package.json`, '{"type":"commonjs"}');
  renameSync(`${folder}package`, widgetFolder);
  rmSync(folder + filename);
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !existsSync(widgetFolder)) {
  try {
    fetchWidget();
    console.log(`Fetched the chat widget ${version}.`);
  } catch (error) {
    console.log(`The chat widget ${version} could not be fetched: ${error.message.split('\n')[0]}`);
  }
}
