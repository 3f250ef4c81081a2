import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { root } from './service-apps.ts';

/** Every page under docs/ and beside the README, from the repository root. */
export const documents = (): string[] => [
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md')),
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
];

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The words of a shell line, quotes read; ends at a pipe, a redirection or a comment. */
const wordsOf = (line: string): string[] => {
  const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
  const end = words.findIndex((word) => /^([|>#]|&&)/.test(word));
  return end === -1 ? words : words.slice(0, end);
};

/** Every `npm run caio -- …` of a page, in blocks and in sentences, as the words after the dashes. */
export const commandsIn = (text: string): string[][] =>
  text.split('\n').flatMap((line) => {
    const inBlock = /^\s*npm run (?:-s )?caio -- (.*)$/.exec(line)?.[1];
    if (inBlock !== undefined) return [wordsOf(inBlock)];
    return [...line.matchAll(/`npm run (?:-s )?caio -- ([^`]+)`/g)].map(([, words = '']) => wordsOf(words));
  });

const flagsOf = (command: Command): string[] =>
  command.options.flatMap(({ short, long }) => [short ?? [], long ?? []].flat());

/** What is wrong with a command line, or null. `…` and `<command>` stand for words the reader chooses. */
export const problemOf = (program: Command, words: readonly string[]): string | null => {
  if (words.some((word) => /^(…|<command>)$/.test(word)) && words.length === 1) return null;
  let command = program;
  let at = 0;
  for (; at < words.length; at += 1) {
    const child = command.commands.find((candidate) => candidate.name() === words[at]);
    if (child === undefined) break;
    command = child;
  }
  const path = words.slice(0, at).join(' ');
  if (at === 0 && words[0] !== '--help') return `there is no command ${words[0] ?? ''}`;
  const rest = words.slice(at);
  if (rest.includes('--help')) return null;
  const known = new Set([...flagsOf(command), ...flagsOf(command.parent ?? command), ...flagsOf(program)]);
  const flags = rest.filter((word) => word.startsWith('--'));
  const unknown = flags.find((flag) => !known.has(flag));
  if (unknown !== undefined) return `${path} has no option ${unknown}`;
  const missing = command.options.find(({ mandatory, long }) => mandatory && !flags.includes(long ?? ''));
  if (missing !== undefined) return `${path} needs ${missing.flags}`;
  const values = [...command.options, ...program.options].filter(
    ({ required, long }) => required && flags.includes(long ?? ''),
  ).length;
  const given = rest.length - flags.length - values;
  const wanted = command.registeredArguments.length;
  if (given !== wanted) return `${path} takes ${wanted} values, and the page gives ${given}`;
  return command.commands.length > 0 && rest.length === 0 && command.options.length === 0
    ? `${path} is only a group of commands`
    : null;
};
