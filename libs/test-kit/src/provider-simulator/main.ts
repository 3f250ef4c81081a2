import { readSimulatorConfig } from './config.ts';
import { startProviderSimulator } from './server.ts';

const main = async (): Promise<void> => {
  const { parentPid, ...options } = readSimulatorConfig();
  const simulator = await startProviderSimulator(options);
  const stop = (): void => {
    simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (parentPid !== undefined) setInterval(() => isGone(parentPid) && stop(), 500).unref();
  process.stdout.write(
    `${JSON.stringify({ ready: true, service: 'provider-simulator', url: simulator.url, port: simulator.port, smtpUrl: simulator.smtpUrl })}\n`,
  );
};

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`provider-simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
