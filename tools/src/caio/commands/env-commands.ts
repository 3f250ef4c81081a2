import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type EnvironmentKind, fillEnvironment } from '../environment-init.ts';
import { print } from '../output.ts';

const files: Readonly<Record<EnvironmentKind, { example: string; file: string; next: readonly string[] }>> = {
  compose: {
    example: '.env.example',
    file: '.env',
    next: [
      'Start everything with: docker compose up --build --detach --wait',
      'Log in with the value of DASHBOARD_AUTH_TOKEN in it.',
    ],
  },
  staging: {
    example: '.env.staging.example',
    file: '.env.staging',
    next: ['Paste each block into the variables of its service: docs/runbooks/deploy-to-railway.md.'],
  },
};

const keepSafe =
  'Keep a copy of PSEUDONYM_KEY and AUDIT_SEAL_KEY somewhere safe: without them the store is useless.';

/** caio env init: the settings of a deployment with every secret made. */
export const addEnvCommands = (program: Command, root: string): void => {
  const env = program.command('env').description('the settings of a deployment');
  env
    .command('init')
    .description('write .env with every secret filled in; a file that is there is left alone')
    .option('--compose', 'for docker compose: .env; this is what happens without an option')
    .option('--staging', 'for Railway: .env.staging, with one block per service')
    .action((options: { compose?: boolean; staging?: boolean }, command: Command) => {
      if (options.compose === true && options.staging === true)
        command.error('error: --compose and --staging make two different files; type one of them', {
          exitCode: 2,
        });
      const kind = options.staging === true ? 'staging' : 'compose';
      const { example, file, next } = files[kind];
      const path = join(root, file);
      if (existsSync(path)) {
        throw new Error(
          `${file} is there already and was left as it is; its secrets belong to the records made with them. To start anew, move it away first.`,
        );
      }
      const { text, empty } = fillEnvironment(readFileSync(join(root, example), 'utf8'), kind);
      // Refuses to follow or replace whatever appeared there in the meantime, and is nobody else's to read.
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
      print(
        [
          `Wrote ${file}. Only you can read it, and git leaves it alone.`,
          keepSafe,
          ...(empty.length === 0 ? [] : [`Fill in by hand: ${empty.join(', ')}.`]),
          ...next,
        ].join('\n'),
      );
    });
};
