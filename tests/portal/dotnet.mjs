// Programs of this repository, as dotnet build left them.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const patience = 60_000;

/** Where dotnet is to be run. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What dotnet takes to run a project of tools/. */
export const run = (project, ...args) => ['run', '--no-build', '--project', `tools/${project}`, '--', ...args];

/** Why a project of tools/ cannot be run, as a test's skip; false when it can. */
export function notBuilt(project) {
  const isBuilt = existsSync(`${root}artifacts/build/bin/${project}/debug/${project}.dll`);
  return isBuilt ? false : `tools/${project} is not built: run dotnet build`;
}

/**
 * Starts a project that goes on until it is told to stop; gives the first line it says, and stop(), which waits for
 * its end.
 */
export async function start(project, ...args) {
  const program = spawn('dotnet', run(project, ...args), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  program.stderr.setEncoding('utf8').on('data', (text) => { log += text; });
  const ended = new Promise((end) => program.on('exit', end));
  // dotnet run hands SIGTERM on; it leaves SIGINT to a terminal.
  const stop = () => { program.kill('SIGTERM'); return ended; };
  const timer = setTimeout(stop, patience);
  const line = await Promise.race([
    new Promise((read) => createInterface(program.stdout).on('line', read)),
    ended.then((code) => { throw new Error(`tools/${project} ended with ${code} before it was ready:\n${log}`); }),
  ]).finally(() => clearTimeout(timer));
  return { line, stop };
}
