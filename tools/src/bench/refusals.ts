import type { LoadRequest } from './load.ts';

export interface Refusal {
  readonly name: string;
  readonly status: number;
  readonly requestOf: () => LoadRequest;
  /** Where a POST is refused for the same reason. */
  readonly postPath: string;
}

/** The three ways to be turned away, each as somebody meets it who does not stop asking. */
export const refusalsFor = (token: string): readonly Refusal[] => {
  let addresses = 0;
  const wrong = (address: string): LoadRequest => ({
    path: '/api/queue-status',
    headers: { 'x-dashboard-token': 'a-token-that-nobody-has', 'x-forwarded-for': address },
  });
  const newAddress = (): string => {
    addresses += 1;
    return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
  };
  return [
    // Counted in Redis, because an address may try a few.
    { name: 'bad token', status: 401, requestOf: () => wrong(newAddress()), postPath: '/api/drafts' },
    {
      name: 'bad tokens, same address',
      status: 429,
      requestOf: () => wrong('192.0.2.1'),
      postPath: '/api/drafts',
    },
    {
      name: 'over the limit',
      status: 429,
      requestOf: () => ({ path: '/api/audit/verify', headers: { 'x-dashboard-token': token } }),
      postPath: '/api/batches',
    },
  ];
};
