import type { SmtpEndpoint } from './endpoints.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { HandOverLog } from './hand-over-log.ts';
import { startSmtpGate } from './smtp-gate.ts';
import { startSmtpMailbox } from './smtp-mailbox.ts';

/** The user every SMTP login of the simulator names; its password is the API key. */
export const smtpUser = 'simulator';

/** An SMTP server that keeps what it is handed, behind a gate that lies as planned. */
export async function startSmtp(options: {
  readonly port: number;
  readonly host: string;
  readonly apiKey: string | undefined;
  readonly log: HandOverLog;
  readonly nowMs: () => number;
  readonly faults: FaultPlan;
  readonly count: (endpoint: SmtpEndpoint) => void;
}) {
  const { port, host, log, nowMs, faults, count, apiKey } = options;
  const login = apiKey === undefined ? null : { user: smtpUser, password: apiKey };
  const mailbox = await startSmtpMailbox({ log, nowMs, login });
  const gate = await startSmtpGate({ port, host, mailboxPort: mailbox.port, faults, count });
  return {
    url: `smtp://${host.includes(':') ? `[${host}]` : host}:${String(gate.port)}`,
    close: async (): Promise<void> => {
      await gate.close();
      await mailbox.close();
    },
  };
}
