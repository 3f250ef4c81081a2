import { join } from 'node:path';
import { z } from 'zod';
import type { BenchServerSettings } from '../bench-servers/main.ts';
import { type Child, startChild } from '../stack/child-process.ts';
import { loadPlainFunction } from '../stack/plain-module.ts';

const readyMs = 20_000;
const readySchema = z.object({ ready: z.literal(true), port: z.number() });
const builtSchema = z.object({ file: z.string() });

export interface BenchServer extends Child {
  readonly url: string;
}

/** Bundles the servers that benches compare with; returns the program's file. */
export const bundleBenchServers = async (root: string): Promise<string> => {
  const bundleTarget = await loadPlainFunction(root, 'build/bundle.mjs', 'bundleTarget');
  const target = { name: 'bench-servers', entry: 'tools/src/bench-servers/main.ts' };
  const { file } = builtSchema.parse(await bundleTarget({ root, target, mode: 'when-stale' }));
  return file;
};

const readyPortOf = (line: string): number | null =>
  line.startsWith('{"ready":true') ? readySchema.parse(JSON.parse(line)).port : null;

/** Starts a program that says on which port it listens, with Node as it is and as in production. */
export const startServer = async (options: {
  name: string;
  program: string;
  args?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  logsDir: string;
}): Promise<BenchServer> => {
  let port = 0;
  const child = await startChild({
    name: options.name,
    command: process.execPath,
    args: [options.program, ...(options.args ?? [])],
    environment: { NODE_ENV: 'production', ...options.environment },
    logFile: join(options.logsDir, `${options.name.replaceAll(/\W+/g, '-')}.log`),
    ready: {
      line: (line) => {
        port = readyPortOf(line) ?? port;
        return port > 0;
      },
    },
    readyMs,
  });
  return { ...child, url: `http://127.0.0.1:${port}` };
};

export const startReference = (
  program: string,
  settings: BenchServerSettings,
  logsDir: string,
): Promise<BenchServer> =>
  startServer({ name: settings.role, program, args: [JSON.stringify(settings)], logsDir });
