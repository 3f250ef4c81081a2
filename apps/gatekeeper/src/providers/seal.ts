import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DispatchOutcome } from '@caio/contracts';
import type { Handover } from '../provider-port.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Null when the bytes are the approved ones and the message is what they say. The worker has checked the
 * digest already; this is the last place that can see a message which is not the one in the bytes.
 */
export function brokenSeal({ bytes, message, contentDigest }: Handover): DispatchOutcome | null {
  if (sha256(bytes) === contentDigest && isDeepStrictEqual(parsed(bytes), message)) return null;
  return {
    outcome: 'refused',
    code: 'content_mismatch',
    message: 'What was to be handed over is not what was approved; nothing was written.',
  };
}

function parsed(bytes: string): unknown {
  try {
    const value: unknown = JSON.parse(bytes);
    return value;
  } catch {
    return undefined;
  }
}
