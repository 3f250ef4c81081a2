import { parseArgs } from 'node:util';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const settingsSchema = z.object({
  port: port.default(8090),
  host: z.string().min(1).default('127.0.0.1'),
  /** Without it there is no SMTP server. */
  smtpPort: port.optional(),
  apiKey: z.string().min(1).optional(),
  logFile: z.string().min(1).optional(),
  /** The process this one must not outlive. */
  parentPid: z.coerce.number().int().min(2).optional(),
});
export type SimulatorConfig = Readonly<z.infer<typeof settingsSchema>>;

/**
 * Options win over the environment (PORT, HOST, SIMULATOR_SMTP_PORT, SIMULATOR_LOG_FILE); SIMULATOR_API_KEY and CAIO_PARENT_PID come
 * from it alone. Throws with the name of what is wrong.
 */
export function readSimulatorConfig(
  argv: readonly string[] = process.argv.slice(2),
  environment: NodeJS.ProcessEnv = process.env,
): SimulatorConfig {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      'smtp-port': { type: 'string' },
      'log-file': { type: 'string' },
    },
  });
  return Object.freeze(
    settingsSchema.parse({
      port: values.port ?? environment['PORT'],
      host: values.host ?? environment['HOST'],
      smtpPort: values['smtp-port'] ?? environment['SIMULATOR_SMTP_PORT'],
      // A secret has no place among a process's arguments, where every user of the machine can read it.
      apiKey: environment['SIMULATOR_API_KEY'],
      logFile: values['log-file'] ?? environment['SIMULATOR_LOG_FILE'],
      parentPid: environment['CAIO_PARENT_PID'],
    }),
  );
}
