import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './gatekeeper-process.ts';
import type { TestStack } from './running-stack.ts';

export interface EndedCommand {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run caio -- …` as a person of the stack would, and gives what it said. */
export const runCaio = (
  { stack, token }: Pick<TestStack, 'stack' | 'token'>,
  args: readonly string[],
): Promise<EndedCommand> =>
  new Promise((ended) => {
    const child = spawn(process.execPath, [join(root, 'tools/bin/caio.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], CAIO_URL: stack.gatewayUrl, CAIO_TOKEN: token },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => ended({ code, stdout, stderr }));
  });
