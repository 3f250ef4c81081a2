import type { Command } from 'commander';
import { print, printJson } from '../output.ts';
import type { Shell } from '../shell.ts';
import { whatIfLines } from './what-if-text.ts';

/** caio what-if: which messages an exclusion or a suppression would keep from going out. */
export const addWhatIfCommand = (program: Command, { connect }: Shell): void => {
  program
    .command('what-if')
    .description(
      'which drafts, batches and handed-over messages excluding or suppressing somebody would block; nothing is stored',
    )
    .option('--exclude <what...>', 'domains, addresses or LinkedIn profiles to exclude')
    .option('--suppress <person...>', 'addresses or LinkedIn profiles to suppress')
    .option('--json', 'one JSON value, with every message')
    .action(
      async (options: { exclude?: string[]; suppress?: string[]; json?: boolean }, command: Command) => {
        const { exclude = [], suppress = [] } = options;
        if (exclude.length + suppress.length === 0)
          command.error(
            'Say whom: --exclude a domain, an address or a profile, or --suppress an address or a profile.',
            { exitCode: 2 },
          );
        const whatIf = await connect().whatIf(
          { exclude, suppress },
          options.json === true ? 'every' : 'first',
        );
        if (options.json === true) return printJson(whatIf);
        print(whatIfLines(whatIf).join('\n'));
      },
    );
};
