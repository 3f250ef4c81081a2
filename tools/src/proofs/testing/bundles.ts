import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './gatekeeper-process.ts';

/** The bundles under test are those of the sources beside this test; all of them when none is named. */
export const buildBundles = (...names: readonly string[]): void => {
  const only = names.flatMap((name) => ['--only', name]);
  execFileSync(process.execPath, [join(root, 'tools/bin/build.mjs'), ...only], { stdio: 'pipe' });
};
