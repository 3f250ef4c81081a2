import { serviceTokenHeader } from '@caio/auth';
import { waitFor } from '@caio/test-kit';
import { Agent, EventSource } from 'undici';

export interface SeenEvent {
  readonly event: string;
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/**
 * A browser's way of reading events: it comes again by itself and says what it saw last. `tokenOf` makes the token
 * of one call, as the gateway does for each.
 */
export const openEventReader = (options: { url: string; tokenOf: () => string }) => {
  const calls: { readonly lastEventId: string | null }[] = [];
  const agent = new Agent({ bodyTimeout: 0 }).compose((dispatch) => (call, handler) => {
    const headers = Object.fromEntries(Object.entries(Object(call.headers) as Record<string, string>));
    const sent = Object.keys(headers).find((name) => name.toLowerCase() === 'last-event-id');
    calls.push({ lastEventId: sent === undefined ? null : String(headers[sent]) });
    return dispatch({ ...call, headers: { ...headers, [serviceTokenHeader]: options.tokenOf() } }, handler);
  });
  const source = new EventSource(options.url, { node: { dispatcher: agent } });
  const seen: SeenEvent[] = [];
  let errors = 0;
  for (const event of ['progress', 'end', 'unavailable']) {
    source.addEventListener(event, (message) => {
      const { data, lastEventId } = message as unknown as { data: string; lastEventId: string };
      seen.push({ event, id: lastEventId, data: JSON.parse(data) as Record<string, unknown> });
    });
  }
  source.addEventListener('error', () => (errors += 1));
  return {
    seen,
    calls,
    errors: () => errors,
    isClosed: () => source.readyState === source.CLOSED,
    until: (check: (events: readonly SeenEvent[]) => boolean, describe: string) =>
      waitFor(() => check(seen), {
        timeoutMs: 15_000,
        describe: () => `${describe}; so far ${JSON.stringify(seen)}`,
      }),
    close: async (): Promise<void> => {
      source.close();
      await agent.destroy();
    },
  };
};
