import { readSimulatorConfig } from './config.ts';
import { startProviderSimulator } from './server.ts';

const main = async (): Promise<void> => {
  const simulator = await startProviderSimulator(readSimulatorConfig());
  const stop = (): void => {
    simulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(
    `${JSON.stringify({ ready: true, service: 'provider-simulator', url: simulator.url, port: simulator.port })}\n`,
  );
};

main().catch((error: unknown) => {
  process.stderr.write(`provider-simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
