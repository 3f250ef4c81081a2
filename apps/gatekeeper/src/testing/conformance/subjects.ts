import { textOf, type Message } from '@caio/contracts';
import { createCampaignRegistry, createEvidenceStore } from '@caio/state-store';
import {
  buildMessage,
  createIdSource,
  createManualClock,
  type Endpoint,
  type HandOver,
  type ProviderSimulator,
} from '@caio/test-kit';
import PostalMime from 'postal-mime';
import type { ProviderAdapter } from '../../provider-port.ts';
import { createGhlAdapter } from '../../providers/ghl.ts';
import { createHeyreachAdapter } from '../../providers/heyreach.ts';
import { createInstantlyAdapter } from '../../providers/instantly.ts';
import { createLogOnlyAdapter } from '../../providers/log-only.ts';
import { createSmtpAdapter } from '../../providers/smtp.ts';
import { linkedinMessageTo } from '../heyreach-workbench.ts';
import type { RealStore } from '../real-store.ts';
import type { Arrived, Step, Subject } from './subject.ts';

export interface Surroundings {
  readonly store: RealStore;
  readonly simulator: ProviderSimulator;
  /** The key that the simulator asks for. */
  readonly apiKey: string;
}

/** How long the adapter that is in a hurry waits for an answer. */
const hastyMs = 120;
const patientMs = 10_000;

const mailTo = (name: string): Message =>
  buildMessage({
    recipient: { email: `${name}@meadow.example`, name, company: 'Meadow Works', linkedinUrl: null },
    subject: `For ${name}: fewer stops`,
    body: `Hello ${name},\n\nthis one is for you alone — 50 % and "quotes" & <tags>.`,
  });

const mailExpected = (message: Message): Arrived => ({
  to: message.recipient.email,
  from: message.sender.email,
  subject: message.subject,
  text: textOf(message),
});

/** The clock of a subject's deadlines, which can jump at the moment a call comes in. */
const jumpingClock = (simulator: ProviderSimulator) => {
  const clock = createManualClock();
  let isLate = (): boolean => false;
  return {
    clock,
    nowMs: clock.nowMs,
    monotonicMs: (): number => clock.monotonicMs() + (isLate() ? 60_000 : 0),
    lateAfter: (endpoint: Endpoint | null): void => {
      const before = endpoint === null ? 0 : simulator.calls()[endpoint];
      isLate = () => endpoint !== null && simulator.calls()[endpoint] > before;
    },
  };
};

/** What every subject at the simulator shares. `read` is what a recipient would see of one entry of its log. */
const atSimulator = (
  { simulator }: Surroundings,
  parts: {
    readonly steps: readonly Step[];
    readonly reads: readonly Endpoint[];
    readonly read: (entry: HandOver) => Arrived | Promise<Arrived>;
  },
): Pick<Subject, 'steps' | 'arrived' | 'setFaults' | 'heal' | 'breakReads'> => ({
  steps: parts.steps,
  arrived: async (actionId) => {
    const arrived: Arrived[] = [];
    for (const entry of simulator.log()) {
      if (entry.actionId === actionId) arrived.push(await parts.read(entry));
    }
    return arrived;
  },
  setFaults: simulator.setFaults,
  heal: () => {
    simulator.setFaults([]);
    simulator.reveal();
  },
  breakReads: () =>
    simulator.setFaults(
      parts.reads.map((endpoint) => ({ endpoint, effect: { kind: 'status', status: 503 } })),
    ),
});

const closeAll =
  (...adapters: readonly ProviderAdapter[]) =>
  async (): Promise<void> => {
    await Promise.all(adapters.map((adapter) => adapter.close()));
  };

const hidden = { kind: 'hide', visibilityMs: 600_000 } as const;
const fewer = { kind: 'partial_add' } as const;
const altered = { kind: 'alter', body: 'other words' } as const;

const logOnly = async ({ store: redis }: Surroundings): Promise<Subject> => {
  const clock = createManualClock();
  const store = createEvidenceStore(await redis.openSession());
  let broken = false;
  const evidence = {
    save: store.save,
    read: (actionId: string) => (broken ? Promise.reject(new Error('no store')) : store.read(actionId)),
  };
  const adapter = createLogOnlyAdapter({ evidence, nowMs: clock.nowMs, monotonicMs: clock.monotonicMs });
  return {
    ...{ adapter, hasty: adapter, clock, speaks: 'nothing', steps: [], looksUp: true, sendsOnce: true },
    ...{ messageTo: mailTo, expected: mailExpected, setFaults: () => undefined },
    lateAfter: () => undefined,
    arrived: async (actionId) => {
      const kept = await store.read(actionId);
      return kept === null ? [] : [await readMail(kept.content)];
    },
    heal: () => (broken = false),
    breakReads: () => (broken = true),
    close: adapter.close,
  };
};

const readMail = async (raw: string): Promise<Arrived> => {
  const mail = await PostalMime.parse(raw);
  return {
    to: mail.to?.[0]?.address ?? null,
    from: mail.from?.address ?? null,
    subject: mail.subject ?? null,
    text: mail.text?.replace(/\n$/, '') ?? null,
  };
};

const held = async (surroundings: Surroundings) => {
  const { store, simulator, apiKey } = surroundings;
  const { clock, monotonicMs, nowMs, lateAfter } = jumpingClock(simulator);
  return {
    clock,
    lateAfter,
    options: {
      mode: 'sandbox' as const,
      ...{ environment: 'test', baseUrl: simulator.url, apiKey, monotonicMs, nowMs },
      registry: createCampaignRegistry(await store.openSession()),
      newToken: createIdSource(7).ulid,
      pause: () => new Promise<void>((resolve) => void setImmediate(resolve)),
    },
  };
};

const instantly = async (surroundings: Surroundings): Promise<Subject> => {
  const { clock, lateAfter, options } = await held(surroundings);
  const adapter = createInstantlyAdapter({ ...options, timeoutMs: patientMs });
  const hasty = createInstantlyAdapter({ ...options, timeoutMs: hastyMs });
  return {
    ...atSimulator(surroundings, {
      steps: [
        { endpoint: 'GET /campaigns', when: 'before' },
        { endpoint: 'POST /campaigns', when: 'before' },
        { endpoint: 'POST /leads', when: 'message', more: [fewer, hidden, altered] },
        { endpoint: 'POST /leads/list', when: 'after' },
      ],
      reads: ['POST /leads/list', 'GET /campaigns'],
      read: ({ email, subject, body, wouldMail }) => ({
        to: email,
        from: wouldMail.from,
        subject,
        text: body,
      }),
    }),
    ...{ adapter, hasty, clock, lateAfter, speaks: 'http', looksUp: true, sendsOnce: true },
    ...{ messageTo: mailTo, expected: mailExpected, close: closeAll(adapter, hasty) },
  };
};

const heyreach = async (surroundings: Surroundings): Promise<Subject> => {
  const { clock, lateAfter, options } = await held(surroundings);
  const adapter = createHeyreachAdapter({ ...options, timeoutMs: patientMs });
  const hasty = createHeyreachAdapter({ ...options, timeoutMs: hastyMs });
  return {
    ...atSimulator(surroundings, {
      steps: [
        { endpoint: 'heyreach POST /list/GetAll', when: 'before' },
        { endpoint: 'heyreach POST /list/CreateEmptyList', when: 'before' },
        { endpoint: 'heyreach POST /campaign/GetAll', when: 'before' },
        {
          endpoint: 'heyreach POST /list/AddLeadsToListV2',
          when: 'message',
          more: [fewer, hidden, altered],
        },
        { endpoint: 'heyreach POST /list/GetLeadsFromList', when: 'after' },
      ],
      reads: [
        'heyreach POST /list/GetAll',
        'heyreach POST /list/GetLeadsFromList',
        'heyreach POST /campaign/GetAll',
      ],
      read: ({ email, body }) => ({ to: email, from: null, subject: null, text: body }),
    }),
    ...{ adapter, hasty, clock, lateAfter, speaks: 'http', looksUp: true, sendsOnce: true },
    ...{ messageTo: linkedinMessageTo, close: closeAll(adapter, hasty) },
    expected: ({ recipient, body }) => ({ to: recipient.linkedinUrl, from: null, subject: null, text: body }),
  };
};

const ghl = (surroundings: Surroundings): Promise<Subject> => {
  const { simulator, apiKey } = surroundings;
  const { clock, monotonicMs, nowMs, lateAfter } = jumpingClock(simulator);
  const options = {
    mode: 'sandbox' as const,
    ...{ baseUrl: `${simulator.url}/ghl`, apiKey, locationId: 'simulated' },
    ...{ monotonicMs, nowMs },
  };
  const adapter = createGhlAdapter({ ...options, timeoutMs: patientMs });
  const hasty = createGhlAdapter({ ...options, timeoutMs: hastyMs });
  const signs: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return Promise.resolve({
    ...atSimulator(surroundings, {
      steps: [
        { endpoint: 'ghl GET /contacts', when: 'before' },
        { endpoint: 'ghl POST /conversations/messages', when: 'message', more: [fewer, hidden] },
      ],
      reads: ['ghl GET /contacts'],
      read: ({ email, subject, body, wouldMail }) => ({
        to: email,
        from: /<([^>]+)>$/.exec(wouldMail.from ?? '')?.[1] ?? null,
        subject,
        text: (body ?? '')
          .replace(/<br>|<\/?div[^>]*>/g, '')
          .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => signs[name] ?? ''),
      }),
    }),
    ...{ adapter, hasty, clock, lateAfter, speaks: 'http', looksUp: true, sendsOnce: false },
    messageTo: (name) => {
      const message: Message = { ...mailTo(name), route: 'warm_email', motion: 'revival' };
      simulator.ghl.addContacts([{ email: message.recipient.email, name }]);
      return message;
    },
    ...{ expected: mailExpected, close: closeAll(adapter, hasty) },
  });
};

const smtp = (surroundings: Surroundings): Promise<Subject> => {
  const { simulator, apiKey } = surroundings;
  const { clock, monotonicMs, nowMs, lateAfter } = jumpingClock(simulator);
  const options = {
    mode: 'sandbox' as const,
    ...{ url: simulator.smtpUrl ?? '', monotonicMs, nowMs },
    login: { user: 'simulator', password: apiKey },
  };
  const adapter = createSmtpAdapter({ ...options, timeoutMs: patientMs });
  const hasty = createSmtpAdapter({ ...options, timeoutMs: hastyMs });
  return Promise.resolve({
    ...atSimulator(surroundings, {
      steps: [
        { endpoint: 'smtp MAIL', when: 'before' },
        { endpoint: 'smtp RCPT', when: 'before' },
        { endpoint: 'smtp DATA', when: 'before' },
        { endpoint: 'smtp BODY', when: 'message' },
      ],
      reads: [],
      read: ({ raw }) => readMail(raw ?? ''),
    }),
    ...{ adapter, hasty, clock, lateAfter, speaks: 'smtp', looksUp: false, sendsOnce: false },
    ...{ messageTo: mailTo, expected: mailExpected, close: closeAll(adapter, hasty) },
  });
};

/** Every provider that messages are handed to. Whoever adds one adds it here, and all promises are asked of it. */
export const subjects: Readonly<Record<string, (surroundings: Surroundings) => Promise<Subject>>> = {
  'log-only': logOnly,
  instantly,
  heyreach,
  ghl,
  smtp,
};
