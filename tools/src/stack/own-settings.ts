import { ChildFailure } from './child-process.ts';
import type { StackSettings } from './stack-settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const valueOf = (environment: Environment, name: string): string | undefined => {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
};

/**
 * Where e-mail, and LinkedIn messages with it, of a laptop's stack go: to the simulator, or with DELIVERY_MODE_EMAIL=log-only nowhere, its exact text
 * kept for `caio evidence`.
 *
 * @throws ChildFailure for a mode in which mail would leave the machine, and for what is none
 */
export const deliveryModeOf = (environment: Environment): StackSettings['deliveryMode'] => {
  const mode = valueOf(environment, 'DELIVERY_MODE_EMAIL') ?? 'sandbox';
  if (mode === 'sandbox' || mode === 'log-only') return mode;
  throw new ChildFailure(
    `DELIVERY_MODE_EMAIL is "${mode.slice(0, 40)}", and nothing leaves this machine from npm start: set it to sandbox or log-only, or unset it. Real mail goes from a deployment.`,
  );
};

/** A stop that the shell asks for is one; the gatekeeper reads it and refuses what it cannot read. */
export const emergencyStopOf = (environment: Environment): StackSettings['extra'] => {
  const stop = valueOf(environment, 'EMERGENCY_STOP');
  return stop === undefined ? {} : { gatekeeper: { EMERGENCY_STOP: stop } };
};
