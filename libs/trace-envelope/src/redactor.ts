import { types } from 'node:util';
import { createKeyJudge } from './secret-keys.ts';
import type { KeyKind } from './secret-keys.ts';
import { cutSecretValues, redacted } from './secret-values.ts';

/** Bounds of one walk over foreign data. Lengths are UTF-16 units; `nodesMax` counts every value visited. */
export interface RedactionBounds {
  depthMax: number;
  nodesMax: number;
  itemsMax: number;
  textMax: number;
}

export interface Redactor {
  /** A plain, JSON-safe copy without secrets or personal data. Never throws, never calls `toJSON`. */
  redact(value: unknown, bounds?: Partial<RedactionBounds>): unknown;
  /** The same text with everything that looks like a secret or a person cut out. */
  text(value: string): string;
  /** JSON text of the redacted value, at most 500 characters plus `...(truncated)`. Never throws. */
  summarise(value: unknown): string;
  /** The redacted text, at most 500 characters plus `...(truncated)`. */
  shorten(value: string): string;
  /** Only the registered exact values are cut; for text that was redacted already. */
  cutKnown(value: string): string;
  /** Registers a value that must appear nowhere. Values under 6 characters are refused with `false`. */
  addSecret(value: string): boolean;
}

const summaryMax = 500;
const mark = '...(truncated)';
const judgedKeysMax = 2_000;
const logBounds: RedactionBounds = { depthMax: 8, nodesMax: 2_000, itemsMax: 50, textMax: 8_000 };
const summaryBounds: RedactionBounds = { depthMax: 6, nodesMax: 300, itemsMax: 50, textMax: 2_000 };
const sha256Hex = /^[0-9a-f]{64}$/;
/**
 * What an error may say besides its name, message and cause. Everything else libraries hang on errors (a whole
 * command with its arguments, a request, a response) is somebody's data, so it is left out rather than cut.
 */
const errorFields = ['code', 'errno', 'syscall', 'address', 'port', 'status', 'statusCode'] as const;

const truncate = (text: string): string => {
  if (text.length <= summaryMax || (text.length <= summaryMax + mark.length && text.endsWith(mark)))
    return text;
  const head = text.slice(0, summaryMax);
  // A lone surrogate half is not valid UTF-8.
  const last = head.charCodeAt(summaryMax - 1);
  return `${last >= 0xd800 && last <= 0xdbff ? head.slice(0, -1) : head}${mark}`;
};

/** Cuts before judging, and drops the last word too: half a secret may no longer look like one. */
const boundText = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const head = text.slice(0, max);
  const edge = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\n'), head.lastIndexOf(','), 0);
  return head.slice(0, Math.max(edge, max - 400)) + mark;
};

const spellings = (secret: string): string[] => [
  ...new Set([
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret, 'utf8').toString('base64'),
    Buffer.from(secret, 'utf8').toString('base64url'),
  ]),
];

/**
 * Redaction by key, by value and by registered secret, over nested arrays, objects, Maps, Sets and Errors,
 * with cycles, depth, size and hostile getters bounded. One instance per process, shared by logs and traces.
 */
export const createRedactor = (options: { secrets?: readonly string[] } = {}): Redactor => {
  const kindOf = createKeyJudge();
  const judgedKeys = new Map<string, { kind: KeyKind; name: string }>();
  const known = new Set<string>();
  let knownByLength: string[] = [];

  const addSecret = (value: string): boolean => {
    if (value.length < 6) return false;
    for (const spelling of spellings(value)) known.add(spelling);
    judgedKeys.clear();
    knownByLength = [...known].sort((left, right) => right.length - left.length);
    return true;
  };
  for (const secret of options.secrets ?? []) addSecret(secret);

  const cutKnown = (value: string): string => {
    let cut = value;
    for (const secret of knownByLength) {
      if (cut.length >= secret.length && cut.includes(secret)) cut = cut.split(secret).join(redacted);
    }
    return cut;
  };

  const text = (value: string): string => cutSecretValues(cutKnown(value), kindOf);

  /** Keys may name people too (counts by address), so they are cut like texts; the same few come every time. */
  const judgeKey = (key: string): { kind: KeyKind; name: string } => {
    const judged = judgedKeys.get(key);
    if (judged !== undefined) return judged;
    const fresh = { kind: kindOf(key), name: text(boundText(key, 200)) };
    if (key.length <= 80 && judgedKeys.size < judgedKeysMax) judgedKeys.set(key, fresh);
    return fresh;
  };

  const walk = (value: unknown, bounds: RedactionBounds): unknown => {
    let nodes = 0;
    const path = new Set<object>();

    const list = (items: Iterable<unknown>, size: number, depth: number): unknown[] => {
      const copy: unknown[] = [];
      for (const item of items) {
        if (!room(copy.length)) break;
        copy.push(visit(item, depth + 1));
      }
      if (copy.length < size) copy.push(`[${size - copy.length} more]`);
      return copy;
    };

    const room = (count: number): boolean => count < bounds.itemsMax && nodes < bounds.nodesMax;

    const put = (copy: Record<string, unknown>, key: string, item: unknown, depth: number): void => {
      if (item === undefined || typeof item === 'function' || typeof item === 'symbol') return;
      const { kind, name } = judgeKey(key);
      let shown: unknown;
      if (kind === 'secret' && item !== null && typeof item !== 'boolean') shown = redacted;
      else if (kind === 'digest' && typeof item === 'string' && sha256Hex.test(item)) shown = cutKnown(item);
      else shown = visit(item, depth + 1);
      // As an assignment this name would set the prototype instead of being data.
      if (name === '__proto__') Object.defineProperty(copy, name, { value: shown, enumerable: true });
      else copy[name] = shown;
    };

    const fieldsOf = (source: object, depth: number): Record<string, unknown> => {
      const copy: Record<string, unknown> = {};
      let count = 0;
      for (const key of Object.keys(source)) {
        if (!room(count)) {
          copy['...'] = '[more fields]';
          break;
        }
        count += 1;
        let item: unknown;
        try {
          item = Reflect.get(source, key);
        } catch {
          item = '[unreadable]';
        }
        put(copy, key, item, depth);
      }
      return copy;
    };

    const entriesOf = (source: Map<unknown, unknown>, depth: number): Record<string, unknown> => {
      const copy: Record<string, unknown> = {};
      let count = 0;
      for (const [key, item] of source) {
        if (!room(count)) {
          copy['...'] = '[more fields]';
          break;
        }
        count += 1;
        put(copy, typeof key === 'object' && key !== null ? '[object]' : String(key), item, depth);
      }
      return copy;
    };

    /** A cause that is no Error is described the same way: whoever threw it may have thrown a whole request. */
    const describeError = (error: object, depth: number): Record<string, unknown> => {
      const copy: Record<string, unknown> = {};
      const read = (key: string): unknown => {
        try {
          return Reflect.get(error, key);
        } catch {
          return '[unreadable]';
        }
      };
      const name = read('name');
      const message = read('message');
      if (types.isNativeError(error) || typeof name === 'string')
        copy['name'] = text(boundText(String(name), 100));
      if (types.isNativeError(error) || typeof message === 'string')
        copy['message'] = text(boundText(String(message), bounds.textMax));
      const cause = read('cause');
      if (cause !== undefined) copy['cause'] = visit(cause, depth + 1, 'error');
      for (const key of errorFields) {
        const item = read(key);
        if (typeof item === 'string' || typeof item === 'number') put(copy, key, item, depth);
      }
      return copy;
    };

    const visitObject = (source: object, depth: number, role: 'value' | 'error'): unknown => {
      if (path.has(source)) return '[circular]';
      if (depth > bounds.depthMax) return '[too deep]';
      if (types.isDate(source)) return Number.isNaN(source.getTime()) ? 'Invalid Date' : source.toISOString();
      if (ArrayBuffer.isView(source)) return `[${source.byteLength} bytes]`;
      if (types.isAnyArrayBuffer(source)) return `[${source.byteLength} bytes]`;
      if (source instanceof URL || types.isRegExp(source))
        return text(boundText(String(source), bounds.textMax));
      path.add(source);
      try {
        if (role === 'error' || types.isNativeError(source)) return describeError(source, depth);
        if (Array.isArray(source)) return list(source, source.length, depth);
        if (types.isSet(source)) return list(source, source.size, depth);
        if (types.isMap(source)) return entriesOf(source, depth);
        return fieldsOf(source, depth);
      } finally {
        path.delete(source);
      }
    };

    const visit = (item: unknown, depth: number, role: 'value' | 'error' = 'value'): unknown => {
      nodes += 1;
      switch (typeof item) {
        case 'string':
          return text(boundText(item, bounds.textMax));
        case 'number':
          return Number.isFinite(item) ? item : String(item);
        case 'bigint':
          return item.toString();
        case 'boolean':
          return item;
        case 'function':
        case 'symbol':
          return `[${typeof item}]`;
        default:
          if (item === null || item === undefined) return null;
          try {
            return visitObject(item, depth, role);
          } catch {
            return '[unreadable]';
          }
      }
    };

    return visit(value, 0);
  };

  return {
    redact: (value, bounds) => walk(value, bounds === undefined ? logBounds : { ...logBounds, ...bounds }),
    text,
    summarise: (value) => truncate(JSON.stringify(walk(value, summaryBounds))),
    shorten: (value) => truncate(text(boundText(value, 4_000))),
    cutKnown,
    addSecret,
  };
};
