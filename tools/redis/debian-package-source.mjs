import { installDebianPackage } from '../process/debian-package.mjs';
import { pathSource } from './path-source.mjs';

/**
 * Debian's and Ubuntu's own package.
 *
 * @type {import('./sources.mjs').RedisSource}
 */
export const debianPackageSource = {
  name: "Debian's redis-server package",
  effect: 'installs',
  async probe(context) {
    const done = await installDebianPackage({ what: 'Redis', packageName: 'redis-server', ...context });
    if (!done.ok) return { status: 'absent', reason: done.reason };
    const installed = await pathSource.probe(context);
    if (installed.status !== 'found') return installed;
    return { ...installed, kind: 'debian-package', why: 'just installed with apt-get' };
  },
};
