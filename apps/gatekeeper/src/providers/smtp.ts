import { domainToASCII } from 'node:url';
import type { DeliveryMode, DispatchOutcome, Message } from '@caio/contracts';
import type { RateBudget } from '@caio/dispatch-core';
import { encodedHeaderTextsOf } from '@caio/outreach-core';
import type { Handover, ProviderAdapter } from '../provider-port.ts';
import { buildEml } from './eml.ts';
import { brokenSeal } from './seal.ts';
import { createSmtpExchange } from './smtp/exchange.ts';
import { shown, smtpOutcomeOf } from './smtp/outcomes.ts';

export interface SmtpOptions {
  readonly mode: Exclude<DeliveryMode, 'log-only'>;
  /** `smtps://host:port`, or `smtp://host:port` for STARTTLS; in `sandbox` the simulator, without TLS. */
  readonly url: string;
  readonly login: { readonly user: string; readonly password: string } | null;
  /** The clock of `sendDeadlineMs`. */
  readonly monotonicMs: () => number;
  /** Milliseconds since 1970, for the Date header. */
  readonly nowMs: () => number;
  /** From the call to the server's last word, waiting for a connection included. */
  readonly timeoutMs: number;
  /** Defaults to 4, which mail servers commonly allow one client. */
  readonly connections?: number;
  readonly rateBudget?: RateBudget | null;
}

/**
 * Mails by a server of one's own: the RFC 5322 message that the sealed text gives, its Message-ID made of the action.
 * A server that took a message has mailed it as far as we can know, and no command of SMTP asks what became of it:
 * nothing is held, taken back or looked up, and a reply that was lost after the text is a person's to clear up.
 *
 * Throws when the mode and the address contradict each other.
 */
export function createSmtpAdapter(options: SmtpOptions): ProviderAdapter {
  const { timeoutMs, monotonicMs, login } = options;
  const exchange = createSmtpExchange({
    ...addressOf(options),
    ...{ login, timeoutMs, monotonicMs, connections: options.connections ?? 4 },
  });

  const send = async (handover: Handover): Promise<DispatchOutcome> => {
    const broken = brokenSeal(handover);
    if (broken !== null) return broken;
    const { message, actionId } = handover;
    const misfit = misfitOf(message);
    if (misfit !== null) return misfit;
    const eml = await buildEml({ message, messageKey: actionId, date: new Date(options.nowMs()) });
    if (!eml.ok) return { outcome: 'refused', code: eml.code, message: eml.message };
    const taken = await exchange.send({
      from: inAscii(message.sender.email),
      to: inAscii(message.recipient.email),
      content: eml.content,
      writeDeadlineMs: handover.sendDeadlineMs,
    });
    if (taken.state !== 'accepted') return smtpOutcomeOf(taken);
    const messageId = `<${actionId}@${message.sender.email.slice(message.sender.email.lastIndexOf('@') + 1)}>`;
    return {
      outcome: 'accepted',
      providerMessageId: messageId,
      holdsBeforeMailing: false,
      proof: `The mail server took the message ${messageId} and said: ${shown(taken.reply)}`,
    };
  };

  return {
    name: 'smtp',
    mode: options.mode,
    holdsBeforeMailing: false,
    idempotency: 'none',
    visibilityLagMaxMs: 0,
    unsubscribe: 'own',
    rateBudget: options.rateBudget ?? null,
    send,
    find: (queries) =>
      Promise.resolve(
        new Map(queries.map(({ actionId }) => [actionId, { state: 'unreadable', message: mute }])),
      ),
    takeBack: () =>
      Promise.resolve({
        ok: false,
        code: 'not_held',
        message: 'A mail server passes on what it took; nothing is held for us.',
      }),
    pauseAll: () => Promise.resolve({ paused: 0, failed: [] }),
    close: exchange.close,
  };
}

const mute = 'A mail server cannot be asked what became of a message; look at its log, or ask the recipient.';

/** What a mail server would not carry as approved. Each is refused before anything is written. */
function misfitOf(message: Message): DispatchOutcome | null {
  const { channel, settings } = message;
  if (channel !== 'email') {
    return { outcome: 'refused', code: 'channel_unsupported', message: 'A mail server sends e-mail only.' };
  }
  if (settings.followUps !== 0) {
    const message = 'A mail server sends one message; follow-ups are messages of their own.';
    return { outcome: 'refused', code: 'follow_ups_unsupported', message };
  }
  if (settings.trackOpens || settings.trackClicks) {
    const message = 'A mail server counts neither openings nor clicks.';
    return { outcome: 'refused', code: 'tracking_unsupported', message };
  }
  return encodedHeaderTextsOf(message).length === 0
    ? null
    : {
        outcome: 'refused',
        code: 'encoded_header_text',
        message: 'Mail programs would show another subject or name than the approved one.',
      };
}

/** The address with its domain as DNS has it; what stands before the @ is the receiving server's own. */
function inAscii(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + (domainToASCII(address.slice(at)) || address.slice(at));
}

/** The ports on which real mail is handed in. */
const mailPorts: ReadonlySet<string> = new Set(['', '25', '465', '587', '2525']);

function addressOf({ mode, url, login }: SmtpOptions) {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:') {
    throw new Error('the address of a mail server begins with smtps:// or smtp://');
  }
  const host = hostname.replace(/^\[|\]$/g, '');
  if (mode === 'sandbox') {
    if (protocol === 'smtps:' || mailPorts.has(port)) {
      throw new Error(
        'delivery mode sandbox must not use a mail server: set SANDBOX_SMTP_URL to the provider simulator',
      );
    }
    return { host, port: Number(port), tls: 'none' as const };
  }
  if (login === null) {
    throw new Error(
      `delivery mode ${mode} needs a login at the mail server: set SMTP_USER and SMTP_PASSWORD`,
    );
  }
  const implicit = protocol === 'smtps:';
  return {
    host,
    port: port === '' ? (implicit ? 465 : 587) : Number(port),
    tls: implicit ? ('implicit' as const) : ('required' as const),
  };
}
