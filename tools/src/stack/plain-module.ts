import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A function of one of the repository's plain Node programs (`tools/**.mjs`), which also run before anything is
 * built and are therefore not bundled. Throws when the file does not offer it.
 */
export const loadPlainFunction = async (
  root: string,
  file: string,
  name: string,
): Promise<(...args: unknown[]) => unknown> => {
  const module: unknown = await import(pathToFileURL(join(root, 'tools', file)).href);
  const found: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, name) : null;
  if (typeof found !== 'function') throw new Error(`tools/${file} offers no ${name}`);
  return (...args) => Reflect.apply(found, null, args) as unknown;
};
