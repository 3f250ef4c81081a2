import type { OutreachApi } from '../api/outreach-api.ts';
import type { TypedCommand } from './typed-command.ts';

/** What every command needs besides its own options. */
export interface Shell {
  /** The API as the caller; throws ApiError when no gateway and token are known. */
  readonly connect: (options?: {
    readonly timeoutMs?: number;
    /** How long a question is asked again while the system cannot answer; not at all when left out. */
    readonly patienceMs?: number;
  }) => OutreachApi;
  readonly typed: TypedCommand;
}
