/** Turns `caio drafts list` in a sentence into what the reader has to type. */
export type TypedCommand = (sentence: string) => string;

const commands = [
  ...[
    'start',
    'run-pipeline',
    'runs',
    'env',
    'keys',
    'drafts',
    'batches',
    'receipts',
    'take-back',
    'recall',
    'providers',
    'reconcile',
    'evidence',
    'what-if',
    'ramp',
    'customers',
    'subject',
  ],
  ...['halt', 'suppressions', 'exclusions', 'where', 'status', 'audit', 'trace', '--help', 'COMMAND'],
];
const hint = new RegExp(`(?<![\\w./-])caio (?=(?:${commands.join('|')})(?![\\w-]))`, 'g');

/** `invocation` is what stands in front of a command: `npm run caio --`, or `caio` where that is on the path. */
export const createTypedCommand =
  (invocation: string): TypedCommand =>
  (sentence) =>
    sentence.replace(hint, `${invocation} `);

/** How this process was called, by the path of its program. */
export const invocationOf = (programPath: string | undefined): string =>
  /(^|[\\/])caio(\.cmd|\.exe)?$/i.test(programPath ?? '') ? 'caio' : 'npm run caio --';
