// Risk: a login outlives its token, its time or the person who left the desk open.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startBrowser } from './testing/browser.ts';
import { previousToken, startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
beforeEach(() => rig.store.redis.flushall());
afterAll(() => rig.close());

describe('a session ends', () => {
  const gone = async (browser: ReturnType<typeof startBrowser>) => {
    expect((await browser.call({ path: '/api/session' })).status).toBe(401);
    expect((await browser.call({ path: '/sales' })).status).toBe(302);
  };

  test('when the token it was opened with is configured no more', async () => {
    const browser = startBrowser(rig);
    await browser.logIn(previousToken);
    expect((await browser.call({ path: '/api/session' })).status).toBe(200);
    const rotated = await startGatewayRig({ tokens: { DASHBOARD_AUTH_TOKEN: token } });
    try {
      // The same store under the tokens that are configured now.
      for (const key of await rig.store.redis.keys('*session:*')) {
        const record = await rig.store.redis.get(key);
        if (record !== null) await rotated.store.redis.set(key, record);
      }
      const moved = startBrowser(rotated, { cookie: browser.cookie() });
      await gone(moved);
      expect(await rotated.store.redis.keys('*session:*')).toEqual([]);
    } finally {
      await rotated.close();
    }
  });

  test('after its idle time, which every use begins anew', async () => {
    const browser = startBrowser(rig);
    await browser.logIn(token);
    const [key = ''] = await rig.store.redis.keys('*session:*');
    await rig.store.redis.expire(key, 10);
    await browser.call({ path: '/api/session' });
    expect(await rig.store.redis.ttl(key)).toBeGreaterThan(43_000);
    await rig.store.redis.del(key);
    await gone(browser);
  });

  test('after its idle time, however often a page asked by itself', async () => {
    const browser = startBrowser(rig);
    await browser.logIn(token);
    const [key = ''] = await rig.store.redis.keys('*session:*');
    await rig.store.redis.expire(key, 10);
    const poll = { path: '/api/session', headers: { 'x-caio-background': '1' } };
    expect((await browser.call(poll)).status).toBe(200);
    expect(await rig.store.redis.ttl(key)).toBeLessThanOrEqual(10);
    await rig.store.redis.del(key);
    await gone(browser);
  });

  test('after seven days however much it was used', async () => {
    const browser = startBrowser(rig);
    await browser.logIn(token);
    rig.clock.offsetMs = 7 * 86_400_000 + 1_000;
    try {
      await gone(browser);
    } finally {
      rig.clock.offsetMs = 0;
    }
  });
});
