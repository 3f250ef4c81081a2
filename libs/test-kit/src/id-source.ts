import {
  actionIdSchema,
  attemptIdSchema,
  batchIdSchema,
  draftIdSchema,
  executionIdSchema,
  runIdSchema,
} from '@caio/contracts';

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function ulidOf(namespace: number, sequence: number): string {
  let digits = '';
  let rest = sequence;
  for (let place = 0; place < 16; place += 1) {
    digits = crockford.charAt(rest % 32) + digits;
    rest = Math.floor(rest / 32);
  }
  let prefix = '';
  rest = namespace;
  for (let place = 0; place < 6; place += 1) {
    prefix = crockford.charAt(rest % 32) + prefix;
    rest = Math.floor(rest / 32);
  }
  return `01TE${prefix}${digits}`;
}

/**
 * Valid prefixed ids in rising order, the same on every run. Two sources share no id unless they share
 * `namespace` (0 to 2^30-1): give each test its own, or a random one against a store that outlives it.
 */
export function createIdSource(namespace = 0) {
  let sequence = 0;
  const next = (): string => ulidOf(namespace, (sequence += 1));
  return {
    ulid: next,
    draftId: () => draftIdSchema.parse(`drf_${next()}`),
    batchId: () => batchIdSchema.parse(`bat_${next()}`),
    actionId: () => actionIdSchema.parse(`act_${next()}`),
    executionId: () => executionIdSchema.parse(`exe_${next()}`),
    attemptId: () => attemptIdSchema.parse(`att_${next()}`),
    runId: () => runIdSchema.parse(`run_${next()}`),
    correlationId: () => `cor-${next()}`,
  };
}

export type IdSource = ReturnType<typeof createIdSource>;
