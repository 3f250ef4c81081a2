// Risk: a guesser writes itself a new address for every try, or one client's tries close the door for all behind a proxy.
import { expect, test } from '@jest/globals';
import type { Request } from 'express';
import { clientAddressOf } from './client-address.ts';

const requestOf = (remoteAddress: string | undefined, forwarded?: string): Request => {
  const request: unknown = { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } };
  return request as Request;
};

test.each([
  [0, '203.0.113.9', undefined, '203.0.113.9'],
  [0, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  [0, '::ffff:203.0.113.9', undefined, '203.0.113.9'],
  [0, undefined, undefined, 'unknown'],
  [1, '10.0.0.1', '198.51.100.1', '198.51.100.1'],
  [1, '10.0.0.1', 'spoofed, 192.0.2.1, 198.51.100.1', '198.51.100.1'],
  [2, '10.0.0.1', '192.0.2.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  // Fewer entries than proxies: it did not come through them.
  [2, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  [1, '203.0.113.9', undefined, '203.0.113.9'],
  [1, '203.0.113.9', 'not an address', '203.0.113.9'],
  [1, '203.0.113.9', '198.51.100.1:1234', '203.0.113.9'],
])('with %d proxies of ours, from %s saying %j, it is %s', (hops, socket, forwarded, address) => {
  expect(clientAddressOf(requestOf(socket, forwarded), hops)).toBe(address);
});

test('whoever owns a network of the IPv6 world is one client, however many addresses it takes', () => {
  const address = (text: string): string => clientAddressOf(requestOf(text), 0);
  expect(address('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::');
  expect(address('2001:db8:1:2::9')).toBe('2001:db8:1:2::');
  expect(address('2001:db8:1:3::9')).not.toBe(address('2001:db8:1:2::9'));
  expect(address('2001:db8::9')).toBe('2001:db8:0:0::');
  expect(address('::1')).toBe('0:0:0:0::');
  expect(address('fe80::1%eth0')).toBe('fe80:0:0:0::');
});
