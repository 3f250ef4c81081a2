import { Pool } from 'undici';

export interface LoadRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadResult {
  /** How many answers had which status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Of all bodies together. */
  readonly bodyBytes: number;
}

/** Asks one server over connections that are kept, on each the next question when the last one is answered. */
export const createLoad = (url: string, connections: number) => {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const statuses = new Map<number, number>();
  let bodyBytes = 0;

  const ask = ({ path, headers }: LoadRequest): Promise<void> =>
    new Promise((resolve, reject) => {
      pool.dispatch(
        { method: 'GET', path, headers },
        {
          onRequestStart: () => undefined,
          onResponseStart: (_controller, status) => {
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          },
          onResponseData: (_controller, chunk) => {
            bodyBytes += chunk.length;
          },
          onResponseEnd: () => resolve(),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });

  return {
    /** Asks so often. Throws when an answer broke off. */
    run: async (requests: number, requestOf: () => LoadRequest): Promise<LoadResult> => {
      statuses.clear();
      bodyBytes = 0;
      let next = 0;
      const askOn = async (): Promise<void> => {
        while (next < requests) {
          next += 1;
          await ask(requestOf());
        }
      };
      await Promise.all(Array.from({ length: connections }, askOn));
      return { statuses: new Map(statuses), bodyBytes };
    },
    close: (): Promise<void> => pool.close(),
  };
};
