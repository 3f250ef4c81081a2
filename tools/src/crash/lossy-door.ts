import { createServer, connect, type Socket } from 'node:net';

/** `request`: the store never hears of it. `reply`: the store has done it, and nobody is told. */
type Loss = 'request' | 'reply';

/**
 * A door in front of the store that breaks the connection around one call of a script. A script is told by its number of
 * KEYS, which its file is named after.
 */
export const openLossyDoor = async (storePort: number) => {
  let planned: { loss: Loss; mark: RegExp } | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((inside) => {
    const outside = connect({ port: storePort, host: '127.0.0.1' });
    let isLosing = false;
    const end = (): void => {
      inside.destroy();
      outside.destroy();
    };
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    inside.on('data', (bytes) => {
      if (planned !== null && planned.mark.test(bytes.toString('latin1'))) {
        const { loss } = planned;
        planned = null;
        if (loss === 'request') return end();
        isLosing = true;
      }
      outside.write(bytes);
    });
    outside.on('data', (bytes) => {
      // What the store answers from here on was done and is lost.
      if (isLosing) return end();
      inside.write(bytes);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `redis://127.0.0.1:${port}`,
    /** Breaks the connection around the next call of a script with this number of KEYS. */
    lose: (loss: Loss, keyCount: number): void => {
      const count = String(keyCount);
      planned = {
        loss,
        mark: new RegExp(`evalsha\\r\\n\\$40\\r\\n[0-9a-f]{40}\\r\\n\\$${count.length}\\r\\n${count}\\r\\n`),
      };
    },
    close: (): void => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
