/** One mistake put into a script of the store, to see that the comparison with the model finds it. */
export interface PlantedDifference {
  readonly name: string;
  /** File in libs/state-store/src/scripts, without the number of its keys. */
  readonly script: string;
  readonly from: string;
  readonly to: string;
}

const plant = (name: string, script: string, from: string, to: string): PlantedDifference => ({
  ...{ name, script, from, to },
});

/** Each of them has happened somewhere, or is what a careless change would do. */
export const plantedDifferences: readonly PlantedDifference[] = [
  plant('changed text admitted', 'admit-action', 'if action[6] ~= ARGV[5] then', 'if false then'),
  plant('opt-out that waits overlooked', 'admit-action', ' or listed(KEYS[19], cjson.decode(ARGV[24]))', ''),
  plant(
    "exclusion of the action's own keys overlooked",
    'admit-action',
    " or listed(KEYS[6], cjson.decode(action[11] or '[]'))",
    '',
  ),
  plant('person in flight overlooked', 'admit-action', 'if other and other ~= ARGV[1] then', 'if false then'),
  plant(
    'fence ignored',
    'admit-action',
    'if action[4] ~= ARGV[4] or action[5] ~= ARGV[3] or batch[3] ~= ARGV[4] or batch[4] ~= ARGV[3] then',
    'if false then',
  ),
  plant('one counter not reserved', 'admit-action', 'for position = 11, 15 do', 'for position = 11, 14 do'),
  plant('one more than the cap', 'admit-action', "or '0') >= limit end", "or '0') > limit end"),
  plant(
    'expiry ignored at the last check',
    'admit-action',
    'if now >= tonumber(batch[2]) then return deny',
    'if false then return deny',
  ),
  plant(
    'second answer with another attempt admitted',
    'admit-action',
    "action[1] == 'sending' and action[2] == ARGV[2]",
    "action[1] == 'sending'",
  ),
  plant("answer of a stranger's attempt recorded", 'settle-action', ' or action[2] ~= ARGV[2] then', ' then'),
  plant(
    'release keeps the person',
    'settle-action',
    "  freePersons()\n  redis.call('HSET', KEYS[1], 'reserved'",
    "  redis.call('HSET', KEYS[1], 'reserved'",
  ),
  plant(
    'release refunded again and again',
    'settle-action',
    "redis.call('HSET', KEYS[1], 'reserved', '[]', 'persons', '[]')",
    "redis.call('HSET', KEYS[1], 'persons', '[]')",
  ),
  plant(
    'unknown tried again blindly',
    'lose-actions',
    "'status', 'unknown', 'reason'",
    "'status', 'queued', 'reason'",
  ),
  plant(
    'contact of a sent message forgotten',
    'settle-action',
    "if to == 'left' and ARGV[11] == '1' then",
    "if to == 'refused' and ARGV[11] == '1' then",
  ),
  plant('changed hash claimed', 'claim-batch', 'if batch[2] ~= ARGV[3] then', 'if false then'),
  plant('batch of an older policy claimed', 'claim-batch', 'if batch[4] ~= ARGV[4] or', 'if false or'),
  plant(
    'stop ignored by the claim',
    'claim-batch',
    "if ARGV[9] == '1' or redis.call('HGET', KEYS[6], 'active') == '1' then",
    "if ARGV[9] == '1' then",
  ),
  plant('expired batch approved', 'change-batch', 'if now >= tonumber(batch[3]) then', 'if false then'),
  plant(
    'rejected batch keeps its drafts',
    'change-batch',
    'releaseDrafts(KEYS[2], KEYS[3], KEYS[4], KEYS[5], dropped',
    'local _ = (KEYS[2] and function() end)(KEYS[2], KEYS[3], KEYS[4], KEYS[5], dropped',
  ),
  plant(
    'stale digest approved',
    'change-draft',
    "if ARGV[4] ~= '' and ARGV[4] ~= digest then",
    'if false then',
  ),
  plant(
    'edited draft frozen',
    'freeze-batch',
    'or draft[2] ~= action[3] then return { 2',
    'or false then return { 2',
  ),
  plant('second draft for a person', 'accept-draft', 'if other and holdsPerson(other) then', 'if false then'),
  plant(
    'suppressed person drafted',
    'accept-draft',
    "if redis.call('HEXISTS', KEYS[4], pseudonym) == 1 then",
    'if false then',
  ),
  plant(
    'message taken back keeps the person',
    'take-back-action',
    "if redis.call('HGET', KEYS[4], person) == ARGV[1] then redis.call('HDEL', KEYS[4], person) end",
    '',
  ),
  plant('finding of a recovery dropped', 'adopt-finding', 'queued = true, ', ''),
  plant(
    'batch ended as if all had been sent',
    'parts/close-batch',
    'if undelivered > 0 then',
    'if false then',
  ),
];
