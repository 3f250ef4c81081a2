import type { HaltState, ProviderPause } from '@caio/contracts';
import type { Command } from 'commander';
import { reasonOf } from '../option-values.ts';
import type { OutreachApi } from '../../api/outreach-api.ts';
import type { ToolConfig } from '../../config.ts';
import { localTime, printFact } from '../output.ts';
import type { Shell } from '../shell.ts';
import { wholeNumber } from '../whole-number.ts';
import { haltDrill } from './halt-drill.ts';

/** A stop that nobody answers has to be known soon, so that it can be done in another way. */
const timeoutMs = 10_000;
const reason = reasonOf(3, 500);
const confirmationMs = 15_000;
const pollMs = 250;

interface HaltOptions {
  readonly reason?: string;
  readonly drill?: boolean;
  readonly messages: number;
  readonly install: boolean;
  readonly wait: boolean;
  readonly json?: boolean;
}

/** What one provider answered when it was asked to pause what it mails by itself. */
const pauseText = ({ provider, mode, paused, failed, at }: ProviderPause): string => {
  const name = provider === 'log' ? 'the log (log-only)' : `${provider} (${mode})`;
  if (failed.length > 0)
    return `NOT CONFIRMED by ${name}: ${failed.length} not paused, the first: ${failed[0]?.message ?? ''} It is asked again until it is; if you can, pause it there by hand.`;
  return `Confirmed by ${name} at ${localTime(at)}: ${paused === 0 ? 'nothing of ours was being mailed there.' : `${paused} paused.`}`;
};

const isConfirmed = ({ providers }: HaltState): boolean =>
  providers.length > 0 && providers.every(({ failed }) => failed.length === 0);

/** The state of the stop once every provider has confirmed its pause, or after some seconds without that. */
const untilConfirmed = async (api: OutreachApi, first: HaltState): Promise<HaltState> => {
  const giveUpAt = performance.now() + confirmationMs;
  let state = first;
  while (!isConfirmed(state) && performance.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    // What was stopped is stopped, whether or not it can be looked at.
    state = await api.halt().then(
      ({ halt }) => halt,
      () => state,
    );
  }
  return state;
};

const providersText = ({ active, providers }: HaltState): string[] => {
  if (!active) return [];
  return providers.length === 0
    ? ['NOT CONFIRMED: no provider has answered yet. Look again with: caio halt status']
    : providers.map(pauseText);
};

const firstStop = ({ by, at, reason: why }: HaltState): string =>
  `by ${by ?? '–'} at ${localTime(at)}: ${why ?? 'no reason given'}`;

/** How it stands with the stop, and who asked for it. */
export const stopText = (state: HaltState): string => {
  if (state.stored)
    return [
      `STOPPED ${firstStop(state)}`,
      ...state.also.map((also) => `asked for again by ${also.by} at ${localTime(also.at)}: ${also.reason}`),
      ...(state.environment ? ['EMERGENCY_STOP of the gatekeeper stops everything as well.'] : []),
      ...providersText(state),
    ].join('\n');
  if (state.environment)
    return ['STOPPED by the variable EMERGENCY_STOP of the gatekeeper.', ...providersText(state)].join('\n');
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
export const addHaltCommands = (program: Command, config: ToolConfig, { connect, typed }: Shell): void => {
  const halt = program
    .command('halt')
    .description('stop all sending now, show the stop, or lift it')
    .option('--reason <text>', 'why everything stops', reason)
    .option(
      '--drill',
      'stop a stack of its own in the middle of sending to the simulator, and prove that it held',
    )
    .option('--messages <n>', 'with --drill: how many made-up messages', wholeNumber(20, 2_000), 200)
    .option('--no-install', 'with --drill: install nothing to provide Redis')
    .option('--no-wait', 'do not wait until the providers have confirmed that they paused')
    .option('--json', 'one JSON value')
    .action(async (options: HaltOptions) => {
      const json = options.json ?? false;
      if (options.drill === true && options.reason !== undefined)
        return halt.error('error: a drill stops nothing of yours; to stop everything leave --drill out', {
          exitCode: 2,
        });
      if (options.drill === true) {
        process.exitCode = await haltDrill(config, { ...options, json });
        return;
      }
      if (options.reason === undefined)
        return halt.error('error: a stop needs a reason; to look only, there is halt status', {
          exitCode: 2,
        });
      const api = connect({ timeoutMs });
      const stopped = await api.setHalt(options.reason);
      const halted = options.wait ? await untilConfirmed(api, stopped.halt) : stopped.halt;
      const answer = { ...stopped, halt: halted };
      const added =
        answer.halt.also.length > 0 ? 'Your reason is noted beside it.' : 'Your reason is not kept.';
      printFact(
        { json },
        answer,
        typed(
          [
            answer.changed
              ? 'Everything is stopped. Nothing is admitted until a person lifts it: caio halt lift --reason "…"'
              : `Everything is stopped, and was already, ${firstStop(answer.halt)}\nThat reason stands. ${added} To go on again: caio halt lift --reason "…"`,
            ...providersText(answer.halt),
          ].join('\n'),
        ),
      );
      // Stopped here, while a provider may still mail what it holds.
      if (options.wait && !isConfirmed(answer.halt)) process.exitCode = 3;
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
