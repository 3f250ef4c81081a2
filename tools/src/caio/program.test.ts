// Risk: npm takes an option for itself, and what should have been a dry run is carried out.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const program = join(resolve(__dirname, '../../..'), 'tools/bin/caio.mjs');

test.each([
  ['npm_config_dry_run', ['batches', 'freeze'], '--dry-run'],
  ['npm_config_json', ['drafts', 'list'], '--json'],
  ['npm_config_limit', ['batches', 'freeze'], '--limit'],
])('%s refuses and says where the option belongs', (variable, args, option) => {
  const ended = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], [variable]: 'true' },
  });
  expect(ended.status).toBe(2);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toContain(`npm took ${option} for itself`);
  expect(ended.stderr).toContain('npm run caio -- ');
});
