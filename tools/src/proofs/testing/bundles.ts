import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './gatekeeper-process.ts';

/** The bundles under test are those of the sources beside this test. */
export const buildBundles = (): void => {
  execFileSync(process.execPath, [join(root, 'tools/bin/build.mjs')], { stdio: 'pipe' });
};
