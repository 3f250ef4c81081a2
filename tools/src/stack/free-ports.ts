import { createServer } from 'node:net';
import { ChildFailure } from './child-process.ts';
import type { StackPorts } from './stack-settings.ts';

const listen = (port: number) =>
  new Promise<{ port: number; close: () => Promise<void> } | null>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
  });

/** Six free ports of this machine, all held at once so that they differ. */
export const freePorts = async (): Promise<StackPorts> => {
  const held = [];
  for (let count = 0; count < 6; count += 1) {
    const taken = await listen(0);
    if (taken === null) throw new Error('this machine has no free port on 127.0.0.1');
    held.push(taken);
  }
  await Promise.all(held.map(({ close }) => close()));
  const [gateway = 0, gatekeeper = 0, scheduler = 0, webhooks = 0, simulator = 0, inngest = 0] = held.map(
    ({ port }) => port,
  );
  return { gateway, gatekeeper, scheduler, webhooks, simulator, inngest };
};

/** The first of these ports that another process holds, or null. */
export const takenPort = async (
  ports: Readonly<Record<string, number>>,
): Promise<{ name: string; port: number } | null> => {
  for (const [name, port] of Object.entries(ports)) {
    const held = await listen(port);
    if (held === null) return { name, port };
    await held.close();
  }
  return null;
};

/** Throws one sentence when a part of the stack could not listen. Inngest is left out: the stack does without it. */
export const refuseTakenPort = async ({ inngest: _, ...ports }: StackPorts): Promise<void> => {
  const taken = await takenPort(ports);
  if (taken === null) return;
  throw new ChildFailure(
    `Port ${taken.port}, which the ${taken.name} needs, is taken by another process. Stop that one, or use other ports: npm start -- --port 9080`,
  );
};
