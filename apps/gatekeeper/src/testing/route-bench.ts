import { type BenchOptions, type GateBench, type GateBenches, openGateBenches } from './gate-bench.ts';
import { type Http, openHttp } from './http-bench.ts';
import { createScriptedProvider, type ScriptedProvider } from './scripted-provider.ts';

/** Everything a test of a route needs: the use cases on a real store, a provider, and the service's door. */
export const openRouteBenches = async () => {
  const benches: GateBenches = await openGateBenches();
  const open: Http[] = [];
  return {
    benches,
    create: async (
      options: BenchOptions = {},
    ): Promise<{ bench: GateBench; http: Http; provider: ScriptedProvider }> => {
      const provider = createScriptedProvider();
      const bench = await benches.createBench({ provider: provider.adapter, ...options });
      const http = await openHttp(benches, bench);
      open.push(http);
      return { bench, http, provider };
    },
    close: async (): Promise<void> => {
      await Promise.all(open.map((http) => http.close()));
      await benches.close();
    },
  };
};

export type RouteBenches = Awaited<ReturnType<typeof openRouteBenches>>;

/** The code of an error envelope. */
export const codeOf = (response: { body: unknown }): unknown =>
  Reflect.get(Object(Reflect.get(Object(response.body), 'error')), 'code');
