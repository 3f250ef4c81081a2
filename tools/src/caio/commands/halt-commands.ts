import type { HaltState } from '@caio/contracts';
import type { Command } from 'commander';
import { reasonOf } from '../option-values.ts';
import { localTime, printFact } from '../output.ts';
import type { Shell } from '../shell.ts';

/** A stop that nobody answers has to be known soon, so that it can be done in another way. */
const timeoutMs = 10_000;
const reason = reasonOf(3, 500);

const firstStop = ({ by, at, reason: why }: HaltState): string =>
  `by ${by ?? '–'} at ${localTime(at)}: ${why ?? 'no reason given'}`;

/** How it stands with the stop, and who asked for it. */
export const stopText = (state: HaltState): string => {
  if (state.stored)
    return [
      `STOPPED ${firstStop(state)}`,
      ...state.also.map((also) => `asked for again by ${also.by} at ${localTime(also.at)}: ${also.reason}`),
      ...(state.environment ? ['EMERGENCY_STOP of the gatekeeper stops everything as well.'] : []),
    ].join('\n');
  if (state.environment) return 'STOPPED by the variable EMERGENCY_STOP of the gatekeeper.';
  return state.by === null ? 'Not stopped.' : `Not stopped. The last stop was lifted ${firstStop(state)}`;
};

/** What is to be done about a stop that stands. */
export const afterStop = ({ stored, environment }: HaltState): string =>
  [
    'Nothing is sent before that ends.',
    ...(stored ? ['When it is safe to go on: caio halt lift --reason "…"'] : []),
    ...(environment ? ['To end the stop by EMERGENCY_STOP, unset that variable and start again.'] : []),
  ].join(' ');

/** caio halt …: stopping everything, looking at the stop, lifting it. */
export const addHaltCommands = (program: Command, { connect, typed }: Shell): void => {
  const halt = program
    .command('halt')
    .description('stop all sending now, show the stop, or lift it')
    .option('--reason <text>', 'why everything stops', reason)
    .option('--json', 'one JSON value')
    .action(async (options: { reason?: string; json?: boolean }) => {
      if (options.reason === undefined)
        return halt.error('error: a stop needs a reason; to look only, there is halt status', {
          exitCode: 2,
        });
      const answer = await connect({ timeoutMs }).setHalt(options.reason);
      const added =
        answer.halt.also.length > 0 ? 'Your reason is noted beside it.' : 'Your reason is not kept.';
      printFact(
        { json: options.json ?? false },
        answer,
        typed(
          answer.changed
            ? 'Everything is stopped. Nothing is admitted until a person lifts it: caio halt lift --reason "…"'
            : `Everything is stopped, and was already, ${firstStop(answer.halt)}\nThat reason stands. ${added} To go on again: caio halt lift --reason "…"`,
        ),
      );
    });
  const jsonOf = (options: { json?: boolean }): boolean =>
    options.json ?? halt.opts<{ json?: boolean }>().json ?? false;

  halt
    .command('status')
    .description('who stopped it and why')
    .option('--json', 'one JSON value')
    .action(async (options: { json?: boolean }) => {
      const { halt: state } = await connect().halt();
      printFact({ json: jsonOf(options) }, state, stopText(state));
    });

  halt
    .command('lift')
    .description('lift the stored stop')
    .option('--reason <text>', 'why it is safe to go on', reason)
    .option('--json', 'one JSON value')
    .action(async (options: { reason?: string; json?: boolean }) => {
      const why = options.reason ?? halt.opts<{ reason?: string }>().reason;
      if (why === undefined)
        return halt.error(
          typed('error: the stop was not lifted: say why it is safe: caio halt lift --reason "…"'),
          { exitCode: 2 },
        );
      const answer = await connect().liftHalt(why);
      printFact(
        { json: jsonOf(options) },
        answer,
        `${answer.changed ? 'The stop is lifted.' : 'There was no stored stop.'}${answer.halt.environment ? ' EMERGENCY_STOP still stops everything: remove the variable and restart the gatekeeper.' : ''}`,
      );
    });
};
