import { oneByOne, type Plant, scriptFolder, slowly, tooMany } from './plant.ts';
import { type Scenario, scenarioOf, soundLife } from './scenario.ts';

const admit = `${scriptFolder}/admit-action-*.lua`;

const unguarded = (name: string, line: string, scenario: Partial<Scenario>): Plant => ({
  ...{ name, file: admit, find: line, replace: '' },
  scenario: scenarioOf(name, scenario),
});

/** Bugs in the last check and in what it rests on. */
export const admissionPlants: readonly Plant[] = [
  unguarded(
    'hash-not-rechecked',
    "if action[6] ~= ARGV[5] then return deny(CONTENT_MISMATCH, 'content_mismatch') end",
    {
      batches: [6],
      mishaps: [{ after: -1, kind: 'change-bytes' }],
    },
  ),
  unguarded(
    'fence-ignored',
    'if action[4] ~= ARGV[4] or action[5] ~= ARGV[3] or batch[3] ~= ARGV[4] or batch[4] ~= ARGV[3] then return { FENCE_LOST, action[1] } end',
    {
      workers: [1],
      batches: [8],
      provider: Array.from({ length: 8 }, (_, place) => tooMany(place + 1)),
      mishaps: [{ after: 0, kind: 'late-job' }],
    },
  ),
  unguarded(
    'halt-not-checked',
    "if ARGV[17] == '1' or redis.call('HGET', KEYS[4], 'active') == '1' then return defer(HALTED, 'halted', now + 1000) end",
    { ...oneByOne, batches: [30], mishaps: [{ after: 2, kind: 'halt' }] },
  ),
  {
    name: 'suppression-not-checked',
    file: admit,
    find: 'if listed(KEYS[5], cjson.decode(ARGV[20])) or listed(KEYS[19]',
    replace: 'if listed(KEYS[19]',
    scenario: scenarioOf('suppression-not-checked', {
      ...oneByOne,
      mishaps: [{ after: 1, kind: 'opt-out' }],
    }),
  },
  {
    name: 'opt-out-pending-ignored',
    file: admit,
    find: ' or listed(KEYS[19], cjson.decode(ARGV[24])) then',
    replace: ' then',
    scenario: scenarioOf('opt-out-pending-ignored', {
      ...oneByOne,
      mishaps: [{ after: 1, kind: 'pending-opt-out' }],
    }),
  },
  unguarded(
    'exclusion-not-checked',
    "if listed(KEYS[6], cjson.decode(ARGV[21])) or listed(KEYS[6], cjson.decode(action[11] or '[]')) then return deny(EXCLUDED, 'excluded') end",
    { ...oneByOne, mishaps: [{ after: 1, kind: 'exclusion' }] },
  ),
  unguarded(
    'person-key-not-reserved',
    "for _, person in ipairs(persons) do redis.call('HSET', KEYS[8], person, ARGV[1]) end",
    { batches: [4] },
  ),
  unguarded(
    'person-key-not-checked',
    "if other and other ~= ARGV[1] then return deny(PERSON_IN_FLIGHT, 'person_in_flight') end",
    { batches: [4], mishaps: [{ after: -1, kind: 'person-elsewhere' }] },
  ),
  unguarded(
    'expiry-not-checked',
    "if now >= tonumber(batch[2]) then return deny(BATCH_EXPIRED, 'batch_expired') end",
    { ...oneByOne, mishaps: [{ after: 2, kind: 'expire' }] },
  ),
  unguarded(
    'mode-not-checked',
    "if action[7] ~= ARGV[15] then return deny(MODE_CHANGED, 'mode_changed') end",
    {
      ...oneByOne,
      provider: [slowly(150)],
      mishaps: [{ after: 2, kind: 'change-mode' }],
    },
  ),
  unguarded(
    'policy-not-checked',
    "if batch[5] ~= ARGV[16] then return deny(POLICY_CHANGED, 'policy_changed') end",
    { ...oneByOne, provider: [slowly(150)], mishaps: [{ after: 2, kind: 'change-policy' }] },
  ),
  unguarded('counter-not-reserved', "redis.call('INCR', KEYS[position])", { batches: [5] }),
  {
    name: 'clock-not-checked',
    file: admit,
    find: 'if skewed then',
    replace: 'if false then',
    scenario: scenarioOf('clock-not-checked', {
      workers: [4, 4],
      batches: [16],
      lives: [[{ ...soundLife, clockOffsetMs: 600_000 }], []],
      provider: [slowly(60)],
    }),
  },
  {
    name: 'store-recovering-ignored',
    file: admit,
    find: "if store[1] ~= ARGV[6] or store[2] == '1' then",
    replace: 'if false then',
    scenario: scenarioOf('store-recovering-ignored', {
      workers: [8],
      batches: [40],
      provider: [slowly(250)],
      mishaps: [{ after: 4, kind: 'store-older' }],
      healAfterMs: 7_000,
    }),
  },
  {
    name: 'run-id-not-compared',
    file: `${scriptFolder}/register-store-*.lua`,
    find: "redis.call('HSET', KEYS[1], 'runId', ARGV[1], 'recovering', '1', 'since', now)",
    replace: "redis.call('HSET', KEYS[1], 'runId', ARGV[1], 'recovering', '0', 'since', now)",
    scenario: scenarioOf('run-id-not-compared', {
      workers: [8],
      batches: [40],
      provider: [slowly(250)],
      mishaps: [{ after: 4, kind: 'store-older' }],
      healAfterMs: 7_000,
    }),
  },
  {
    name: 'found-message-not-adopted',
    file: 'apps/gatekeeper/src/use-cases/recover-store.ts',
    find: "if (found.finding.state === 'absent') continue;",
    replace: "if (found.finding.state !== 'unreadable') continue;",
    scenario: scenarioOf('found-message-not-adopted', {
      workers: [8],
      batches: [40],
      provider: [slowly(250)],
      mishaps: [{ after: 4, kind: 'store-older' }],
      healAfterMs: 7_000,
    }),
  },
];
