// Risk: the sealer stopped long ago, and every light is green.
import { createServiceMetrics } from '@caio/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { auditReadiness, measureAudit } from './audit-health.ts';
import { type AuditBench, createAuditBench } from './testing/audit-bench.ts';
import { type GateBench, type GateBenches, openGateBenches } from './testing/gate-bench.ts';

let benches: GateBenches;
let bench: GateBench;
let audit: AuditBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
  audit = createAuditBench(bench);
});
afterAll(() => benches.close());

const readiness = () => auditReadiness(bench.audit, audit.sealer).check();
const metrics = async (look = bench.audit.look): Promise<string> => {
  const service = createServiceMetrics('gatekeeper');
  measureAudit(service, { look }, audit.sealer);
  return service.registry.metrics();
};
/** A row that nobody sealed for this long. */
const leaveFor = async (milliseconds: number): Promise<string> => {
  const { nowMs } = await bench.audit.look();
  await bench.redis.del(bench.keys.audit);
  await bench.redis.xadd(bench.keys.audit, `${nowMs - milliseconds}-0`, 'kind', 'store.born');
  return new Date(nowMs - milliseconds).toISOString();
};

describe('the light of the audit', () => {
  test('is green while all is sealed, and while what is not is young', async () => {
    const green = { ready: true, required: false, message: 'sealed' };
    expect(await readiness()).toEqual(green);
    await audit.seal();
    expect(await readiness()).toEqual(green);
  });

  test('is red when rows wait for longer than ten seconds, and green again when they are sealed', async () => {
    const since = await leaveFor(11_000);
    await bench.redis.xadd(bench.keys.audit, '*', 'kind', 'later');
    expect(await readiness()).toEqual({
      ...{ ready: false, required: false },
      message: `2 audit rows are not sealed since ${since}.`,
    });
    await audit.seal();
    expect(await readiness()).toMatchObject({ ready: true });
  });

  test('is red when the sealer found something it cannot put right', async () => {
    await audit.seal();
    await bench.redis.hset(bench.keys.auditHead, 'keyMark', 'another');
    await audit.sealer.seal();
    expect(await readiness()).toMatchObject({
      ready: false,
      message: expect.stringContaining('seal_key_changed'),
    });
  });
});

describe('the figures', () => {
  test('say how much there is and how old the tail is', async () => {
    await leaveFor(30_000);
    const text = await metrics();
    expect(text).toMatch(/caio_audit_rows\{[^}]*\} 1\n/);
    expect(text).toMatch(/caio_audit_unsealed_age_seconds\{[^}]*\} 30(\.\d+)?\n/);
    expect(text).toMatch(/caio_audit_problems\{[^}]*\} 0\n/);
    await audit.seal();
    expect(await metrics()).toMatch(/caio_audit_unsealed_age_seconds\{[^}]*\} 0\n/);
  });

  test('of a store that cannot be reached are no numbers, and the others are still there', async () => {
    const text = await metrics(() => Promise.reject(new Error('store gone')));
    expect(text).toMatch(/caio_audit_rows\{[^}]*\} Nan\n/i);
    expect(text).toContain('http_request_duration_seconds');
  });
});
