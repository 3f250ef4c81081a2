import { smtpOutcomes, type DispatchOutcome } from '@caio/contracts';
import { outcomeOf } from '../outcome-table.ts';
import type { SmtpExchange, SmtpPhase } from './exchange.ts';

type Failed = Exclude<SmtpExchange, { state: 'accepted' }>;

/** Enhanced codes (RFC 3463) that speak of our quota or our login, not of this message. */
const aboutQuota = /^\d{3}[ -]5\.4\.5(?: |$)/;
const aboutLogin = /^\d{3}[ -]([45])\.7\.(?:[89]|1[0-4])(?: |$)/;

/** By which rules a reply is read. */
function readingOf(reply: string, phase: SmtpPhase): { phase: SmtpPhase; status: number } {
  const status = Number(reply.slice(0, 3));
  if (aboutQuota.test(reply)) return { phase: 'session', status };
  const [, lasting] = aboutLogin.exec(reply) ?? [];
  if (lasting === undefined) return { phase, status };
  return { phase: 'session', status: lasting === '5' ? 535 : 454 };
}

/** One line, without addresses and cut short: it ends up on a screen and in the audit. */
export const shown = (reply: string): string =>
  reply
    .replace(/\s+/g, ' ')
    .replace(/\S+@\S+/g, '[address]')
    .slice(0, 160);

/** What became of a message whose exchange ended like this; the table is `smtpOutcomes`. */
export function smtpOutcomeOf(exchange: Failed): DispatchOutcome {
  switch (exchange.state) {
    case 'answered': {
      const { reply } = exchange;
      const { phase, status } = readingOf(reply, exchange.phase);
      return outcomeOf(smtpOutcomes, phase, {
        kind: 'status',
        status,
        retryAfterMs: null,
        message: `The mail server answered: ${shown(reply)}`,
      });
    }
    case 'not_written':
      return outcomeOf(smtpOutcomes, 'message', { kind: 'not_written', code: exchange.code });
    case 'lost':
      return outcomeOf(smtpOutcomes, 'message', { kind: 'lost', code: exchange.code });
    case 'unreadable':
      return outcomeOf(smtpOutcomes, 'message', { kind: 'unreadable', code: 'answer_unexpected' });
  }
}
