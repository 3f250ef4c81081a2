import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const NOT_SOURCE = new Set(['node_modules', 'dist', '.git', '.nx', '.hive-mind', '.swc', 'coverage']);

/**
 * A throw-away copy of the sources of this tree, whose packages import each other and not the originals. Third-party
 * packages are linked, not copied.
 *
 * @param {string} root
 * @returns {{ root: string, remove: () => void }}
 */
export function copyTree(root) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'caio-tree-')));
  cpSync(root, copy, { recursive: true, filter: (source) => !NOT_SOURCE.has(basename(source)) });
  linkPackages(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const group of ['apps', 'libs']) {
    for (const name of readdirSync(join(copy, group))) {
      const source = join(root, group, name, 'package.json');
      if (existsSync(source)) linkNested(root, copy, `${group}/${name}`);
    }
  }
  linkNested(root, copy, 'tools');
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/**
 * @param {string} from
 * @param {string} to
 */
function linkPackages(from, to) {
  mkdirSync(join(to, '@caio'), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== '@caio') symlinkSync(join(from, name), join(to, name));
  }
}

/**
 * Links the workspace package into @caio and its own node_modules, where it has some.
 *
 * @param {string} root
 * @param {string} copy
 * @param {string} folder
 */
function linkNested(root, copy, folder) {
  symlinkSync(join(copy, folder), join(copy, 'node_modules', '@caio', basename(folder)));
  const nested = join(root, folder, 'node_modules');
  if (existsSync(nested)) symlinkSync(nested, join(copy, folder, 'node_modules'));
}
