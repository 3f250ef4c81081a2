import { request } from 'undici';
import { z } from 'zod';

const campaignSchema = z.object({ id: z.string(), name: z.string(), status: z.number() });
const campaignPageSchema = z.object({ items: z.array(campaignSchema) });
const pausedStatus = 2;

/** Campaigns at the provider simulator, worked on as somebody would who is logged in at the vendor. */
export const createSimulatedVendor = ({ url, apiKey }: { url: string; apiKey: string }) => {
  const call = async (method: 'GET' | 'POST', path: string, json?: unknown): Promise<unknown> => {
    const answer = await request(`${url}/api/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const body: unknown = await answer.body.json();
    if (answer.statusCode >= 300)
      throw new Error(`the simulator answered ${method} ${path} with ${answer.statusCode}`);
    return body;
  };
  return {
    /** Makes a campaign of this name without leads and sets it going; returns its id. */
    startCampaign: async (name: string): Promise<string> => {
      const schedule = {
        name: 'Default',
        timezone: 'America/Detroit',
        days: { 1: true },
        timing: { from: '08:00', to: '18:00' },
      };
      const variants = [{ subject: 'Drill', body: 'Drill' }];
      const made = await call('POST', '/campaigns', {
        name,
        campaign_schedule: { schedules: [schedule] },
        sequences: [{ steps: [{ type: 'email', delay: 0, variants }] }],
        email_list: ['drill@drill.example'],
      });
      const { id } = campaignSchema.parse(made);
      await call('POST', `/campaigns/${id}/activate`, {});
      return id;
    },
    /** How long it takes to answer that it took a message; 0 for at once. */
    setAnswerDelay: async (delayMs: number): Promise<void> => {
      const effect = { kind: 'delay', delayMs };
      const faults = delayMs === 0 ? [] : [{ endpoint: 'POST /leads', effect }];
      const answer = await request(`${url}/__faults`, { method: 'POST', body: JSON.stringify({ faults }) });
      await answer.body.dump();
      if (answer.statusCode !== 200)
        throw new Error(`the simulator refused to be slow (${answer.statusCode})`);
    },
    campaigns: async (search: string): Promise<{ name: string; paused: boolean }[]> => {
      const page = await call('GET', `/campaigns?limit=100&search=${encodeURIComponent(search)}`);
      return campaignPageSchema
        .parse(page)
        .items.map(({ name, status }) => ({ name, paused: status === pausedStatus }));
    },
  };
};
