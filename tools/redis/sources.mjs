import { containerSource } from './container-source.mjs';
import { debianPackageSource } from './debian-package-source.mjs';
import { memoryServerSource } from './memory-server-source.mjs';
import { pathSource } from './path-source.mjs';
import { urlSource } from './url-source.mjs';

/**
 * @typedef {object} SourceContext
 * @property {NodeJS.ProcessEnv} env
 * @property {boolean} mayInstall     false under --no-install: nothing is installed, downloaded or compiled
 * @property {boolean} isRoot
 * @property {string | undefined} dataDir  where a server we start keeps its data; a temporary folder when undefined
 * @property {(line: string) => void} say  one line for the person watching
 */

/**
 * @typedef {object} Found
 * @property {'found'} status
 * @property {'url' | 'binary' | 'container' | 'debian-package' | 'memory-server'} kind
 * @property {string} description     what was chosen, without credentials
 * @property {string} why
 * @property {string | null} serverBinary  a program that takes redis-server's arguments, or null
 * @property {() => Promise<{ url: string, stop: () => Promise<void> }>} start
 */

/** @typedef {Found | { status: 'absent', reason: string } | { status: 'refused', reason: string, fix: string }} ProbeResult */

/**
 * @typedef {object} RedisSource
 * @property {string} name
 * @property {'looks' | 'installs'} effect  whether probing may change the machine
 * @property {(context: SourceContext) => Promise<ProbeResult>} probe
 */

/**
 * Where a Redis can come from, in the order they are tried. `absent` goes on to the next one; `refused` ends the
 * search, so that an address somebody configured is never silently replaced by another Redis.
 *
 * @type {readonly RedisSource[]}
 */
export const redisSources = [urlSource, pathSource, containerSource, debianPackageSource, memoryServerSource];
