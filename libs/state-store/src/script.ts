import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

export interface Script {
  readonly name: string;
  readonly keyCount: number;
  readonly text: string;
  readonly sha: string;
}

/** Joins a script with the parts it calls. `file` is its file name, whose number is its count of KEYS. */
export const defineScript = (file: string, source: string, ...parts: readonly string[]): Script => {
  const match = /^([a-z-]+)-(\d+)$/.exec(file);
  if (match === null) throw new TypeError(`a script is named <verb-noun>-<number of keys>, not ${file}`);
  const text = [...parts, source].join('\n');
  return {
    name: match[1] ?? file,
    keyCount: Number(match[2]),
    text,
    sha: createHash('sha1').update(text).digest('hex'),
  };
};

/** Thrown when a script answers something its header does not promise: a bug, or another version's store. */
export class ScriptReplyError extends Error {
  constructor(script: string, reply: unknown) {
    super(
      `script ${script} answered ${JSON.stringify(reply)?.slice(0, 200) ?? 'nothing'}, which its header does not promise`,
    );
    this.name = 'ScriptReplyError';
  }
}

/** Runs one script; loads it when this run of the store has not seen it. */
export const runScript = async (
  redis: Redis,
  script: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> => {
  if (keys.length !== script.keyCount) {
    throw new TypeError(`script ${script.name} takes ${script.keyCount} keys, not ${keys.length}`);
  }
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(script.text, keys.length, ...keys, ...args);
  }
};

/** For a pipeline, which cannot load a script on the way: returns the digest to call it by. */
export const loadScript = async (redis: Redis, script: Script): Promise<string> => {
  await redis.script('LOAD', script.text);
  return script.sha;
};

/** A reply that is a list of strings and integers, as texts. */
export const replyTexts = (script: Script, reply: unknown): string[] => {
  if (!Array.isArray(reply)) throw new ScriptReplyError(script.name, reply);
  return reply.map((item: unknown) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number') return String(item);
    throw new ScriptReplyError(script.name, reply);
  });
};
