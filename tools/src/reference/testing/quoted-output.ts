import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './service-apps.ts';

const sourceFolders = ['tools/src', 'tools/redis', 'libs', 'apps'];

const sources = (): string[] =>
  sourceFolders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|mjs|lua)$/.test(file) && !/node_modules|\.test\.ts$|\btesting\b/.test(file))
      .map((file) => readFileSync(join(root, folder, file), 'utf8')),
  );

/** Every three words that follow each other in a text, whatever stands between them. */
const triples = (text: string): string[] => {
  const words = text.match(/\p{L}+/gu) ?? [];
  return words.slice(2).map((_, at) => words.slice(at, at + 3).join(' '));
};

/** What the programs can say: their texts with the places for values cut out and broken strings joined. */
export const spokenTriples = (): ReadonlySet<string> =>
  new Set(
    sources().flatMap((source) =>
      source
        .replace(/\$\{[^{}' ]*\}/g, ' ')
        .replace(/['"`] \+\s*['"`]/g, '')
        .split('\n')
        .flatMap(triples),
    ),
  );

/** The lines that a page shows as printed by a program; rows of tables are data. */
export const printedLines = (page: string): string[] =>
  [...page.matchAll(/```text\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('│'));

/** What differs from run to run: quoted words, codes, words with a digit or a place, modes, and a reason that was typed. */
const values =
  /"[^"]*"|\([a-z_]+\)|\(correlation id [^)]*\)|\b(?:AM|PM): .*$|\b(?:local|sandbox|log-only)\b|\S+\.csv\b|\S*[\d@…←→]\S*/u;

/** Lines with fewer triples are mostly values, and one of them more or less says nothing. */
const telling = 5;

/**
 * How much of a printed line, without its values, the programs can say: 1 is all of it. Null for a line that is
 * too short to judge.
 */
export const spokenShare = (line: string, spoken: ReadonlySet<string>): number | null => {
  // The programs name a command `caio …` and show it as the reader types it.
  const found = line.replaceAll('npm run caio --', 'caio').split(values).flatMap(triples);
  return found.length < telling ? null : found.filter((triple) => spoken.has(triple)).length / found.length;
};
