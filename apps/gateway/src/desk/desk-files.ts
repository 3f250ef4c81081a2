import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** One file of the desk in memory, as it is and compressed. A compressed form that saves nothing is null. */
export interface DeskFile {
  readonly type: string;
  readonly etag: string;
  /** Its name carries a digest of its content, so that it never changes under that name. */
  readonly isHashed: boolean;
  readonly plain: Buffer;
  readonly br: Buffer | null;
  readonly gzip: Buffer | null;
}

export interface DeskFiles {
  readonly page: DeskFile;
  readonly assets: ReadonlyMap<string, DeskFile>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const compressed = new Set(['.html', '.js', '.css', '.svg', '.webmanifest']);
const hashedName = /[-.][A-Za-z0-9]{8,}\.[a-z0-9]+$/;

const compressBr = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** Compresses once, at the start; `name` decides its type. Null for a kind of file the desk does not have. */
export const deskFileOf = async (name: string, plain: Buffer): Promise<DeskFile | null> => {
  const extension = extname(name);
  const type = types[extension];
  if (type === undefined) return null;
  const smaller = (bytes: Buffer): Buffer | null => (bytes.length < plain.length ? bytes : null);
  const isText = compressed.has(extension);
  return {
    type,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 27)}"`,
    isHashed: hashedName.test(name),
    plain,
    br: isText
      ? smaller(await compressBr(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }))
      : null,
    gzip: isText ? smaller(await compressGzip(plain, { level: 9 })) : null,
  };
};

/** Reads the built desk, or null when there is no index.html in that folder. Notes and source maps stay out. */
export const loadDeskFiles = async (folder: string): Promise<DeskFiles | null> => {
  const names = await readdir(folder).catch(() => []);
  const files = new Map<string, DeskFile>();
  for (const name of names) {
    if (!Object.hasOwn(types, extname(name))) continue;
    const file = await deskFileOf(name, await readFile(join(folder, name)));
    if (file !== null) files.set(name, file);
  }
  const page = files.get('index.html');
  if (page === undefined) return null;
  files.delete('index.html');
  return { page, assets: files };
};
