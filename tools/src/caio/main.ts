import type { WriteStream } from 'node:tty';
import { readToolConfig } from '../config.ts';
import { runProgram } from './program.ts';
import { invocationOf } from './typed-command.ts';

/** A pipe takes 64 KiB at once and the rest as its reader goes on; ending before that would cut the answer. */
const written = (stream: WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

// A reader that has seen enough (`caio … | head`) closes its end; that is no failure of ours.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

void runProgram(readToolConfig(), process.argv.slice(2), invocationOf(process.argv[1])).then(async (code) => {
  await Promise.all([written(process.stdout), written(process.stderr)]);
  // Whatever still holds the event loop (a keep-alive socket) has nothing left to do.
  process.exit(code);
});
